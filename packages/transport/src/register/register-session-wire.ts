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
    sizeOf: (operation) => {
      if (operation.type === 'consult') return operation.keys.reduce((sum, key) => sum + 3 + key.length, 24);
      return 24 + operation.key.length + (operation.type === 'write' ? operation.value.length : 0);
    },
    read: (answer) => answer ?? readResult(undefined),
  };
