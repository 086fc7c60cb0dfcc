import type { SynodError } from '@synod/kernel';

/** How one operation ended: of what kind it was, and why it failed if it did. */
export type Ended = (kind: string, error?: SynodError) => void;

/** What was looked at after the load, and what is wrong. */
export interface Verification {
  /** Acknowledged operations, or what holds their effects, that were looked at again. */
  readonly checked: number;
  /** One line for each thing that was acknowledged and is not so; the first few. */
  readonly lost: readonly string[];
  /** What others are compared with. */
  readonly facts: Readonly<Record<string, number | string>>;
}

/** What is put under load, in a process of its own. */
export interface Subject {
  /** Begins one operation. `ended` is called once, and not before this returns. */
  begin(ended: Ended): void;
  /** Counts that only grow, such as groups of writes: what they grow by while it is measured is reported. */
  counters?(): Readonly<Record<string, number>>;
  /** Whether all that was acknowledged is so. Called when nothing is under way. `facts`: those of the process under load. */
  verify(facts?: Verification['facts']): Promise<Verification>;
  close(): Promise<void>;
}
