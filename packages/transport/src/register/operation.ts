import type { SynodError } from '@synod/kernel';
import type { ConsultedResult, ReadResult, RegisterCommand, RegisterResult } from '@synod/register';

/** What a client can ask of a register. */
export type RegisterOperation =
  | Extract<RegisterCommand, { readonly type: 'read' | 'consult' | 'delete' }>
  /** On a session `value` is not copied: it must stay as it is until the write is answered. */
  | { readonly type: 'write'; readonly key: string; readonly value: Uint8Array };

/** How it ended, if it did not fail. */
export type OperationOutcome = ReadResult | ConsultedResult | Extract<RegisterResult, { readonly type: 'written' }>;

export type OperationAnswer = OperationOutcome | SynodError;
