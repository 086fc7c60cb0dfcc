import {
  RegisterServiceService,
  type Operation,
  type OperationResult,
} from '../gen/synod/register/v1/register_service.js';
import type { SessionWire } from '../session/session-wire.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';
import { readResult, writeOperation } from './register-wire.js';

/** Operations of registers as they travel on a session. */
export const registerSessionWire: SessionWire<RegisterOperation, OperationOutcome, Operation, OperationResult> = {
  method: RegisterServiceService.session,
  stops: false,
  write: writeOperation,
  sizeOf({ operation }) {
    const value = operation!.value;
    return 24 + value.key.length + ('value' in value ? value.value.length : 0);
  },
  read: readResult,
};
