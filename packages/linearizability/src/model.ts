/**
 * A sequential object: what one caller at a time would see. The search decides histories of any object that is
 * described so (the contract follows Porcupine's).
 */
export interface Model<State, Input, Result> {
  init(): State;
  /**
   * The state after an operation that was asked `input` and answered `result`, or undefined if the object, in that
   * state, would not answer so. Without a result (its outcome is unknown) any answer will do. Must not change `state`.
   */
  step(state: State, input: Input, result: Result | undefined): { readonly state: State } | undefined;
  /** Text that is equal exactly for equal states. */
  identify(state: State): string;
}

/** One operation on an object, from its call to its return. */
export interface Call<Input, Result> {
  readonly input: Input;
  readonly start: number | bigint;
  /** Undefined if the outcome is unknown: it may have happened at any time after its start, or not at all. */
  readonly returned: { readonly result: Result; readonly end: number | bigint } | undefined;
}

/** How far a search goes before it answers `unknown`. */
export interface SearchLimits {
  /** Attempts to place an operation; 2,000,000 by default. The same on every machine. */
  readonly maxSteps?: number;
  /** Milliseconds; unlimited by default. */
  readonly maxMs?: number;
}

export type Verdict = 'linearizable' | 'violated' | 'unknown';
