/** What a register holds, with the tag of the write that put it there. */
export type RegisterState =
  | { readonly kind: 'empty' } // never written
  | { readonly kind: 'deleted'; readonly tag: RegisterTag }
  | { readonly kind: 'value'; readonly value: Uint8Array; readonly tag: RegisterTag };

/** The part of a timestamp that is exchanged. */
export type RegisterTag = readonly [counter: number, writer: string];

/**
 * The linearizable registers under the tokens, one a key. Failures are `SynodError`: with `definite: false` a change may
 * have happened or may still happen.
 */
export interface RegisterPort {
  /** Obeys the read rule: what it returns, no later read goes back behind. */
  read(key: string): Promise<RegisterState>;
  write(key: string, value: Uint8Array): Promise<RegisterTag>;
  /** Leaves a tombstone. */
  delete(key: string): Promise<RegisterTag>;
}
