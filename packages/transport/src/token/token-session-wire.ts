import { TokenServiceService, type Operation, type OperationResult } from '../gen/synod/token/v1/token_service.js';
import type { SessionWire } from '../session/session-wire.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import { readResult, writeOperation } from './token-wire.js';

/** Operations of tokens as they travel on a session. */
export const tokenSessionWire: SessionWire<TokenOperation, TokenOutcome, Operation, OperationResult> = {
  method: TokenServiceService.session,
  stops: true,
  write: writeOperation,
  sizeOf({ operation }) {
    const value = operation!.value;
    return 48 + value.id.length + ('name' in value ? value.name.length : 0);
  },
  read: readResult,
};
