import type { TokenChanged, TokenRead, TokenWrite, TokenWritten } from './token-backend.js';

/** What a client can ask of a token. */
export type TokenOperation =
  | { readonly type: 'create'; readonly id: string }
  | { readonly type: 'drop'; readonly id: string }
  | ({ readonly type: 'write' } & TokenWrite)
  | { readonly type: 'read'; readonly id: string };

/** How it ended, if it did not fail. */
export type TokenOutcome =
  | ({ readonly type: 'created' } & TokenChanged)
  | ({ readonly type: 'dropped' } & TokenChanged)
  | ({ readonly type: 'written' } & TokenWritten)
  | ({ readonly type: 'read' } & TokenRead);
