import { registerSession } from '../codec/register-session-frames.js';
import type { SessionWire } from '../session/session-wire.js';
import type { OperationAnswer, OperationOutcome, RegisterOperation } from './operation.js';
import { checkOperation } from './register-checks.js';
import { readResult } from './register-wire.js';

/** Operations of registers as they travel on a session. */
export const registerSessionWire: SessionWire<RegisterOperation, OperationOutcome, RegisterOperation, OperationAnswer> =
  {
    method: registerSession,
    stops: false,
    write: checkOperation,
    sizeOf: (operation) => 24 + operation.key.length + ('value' in operation ? operation.value.length : 0),
    read: (answer) => answer ?? readResult(undefined),
  };
