import type { SynodError } from '@synod/kernel';
import type { ConsultCommand, ReadResult, RegisterCommand, RegisterResult } from '@synod/register';

/** What a client can ask of one register. */
export type KeyOperation =
  | Extract<RegisterCommand, { readonly type: 'read' | 'delete' }>
  /** On a session `value` is not copied: it must stay as it is until the write is answered. */
  | { readonly type: 'write'; readonly key: string; readonly value: Uint8Array };

/** What a client can ask of registers. */
export type RegisterOperation = KeyOperation | ConsultCommand;

/** How it ended, if it did not fail. */
export type OperationOutcome = ReadResult | Extract<RegisterResult, { readonly type: 'consulted' | 'written' }>;

export type OperationAnswer = OperationOutcome | SynodError;
