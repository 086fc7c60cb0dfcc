import type { Operation, Verdict } from '@synod/linearizability';

/** What is found about one history; with `--json`, as it is printed (docs/formats.md). */
export interface Judgement {
  /** The file, or `-` for stdin. */
  readonly history: string;
  readonly verdict: Verdict;
  readonly operations: number;
  readonly keys: number;
  /** Keys whose operations no order explains. */
  readonly violated: readonly Finding[];
  /** Keys that the limit left undecided. */
  readonly unknown: readonly string[];
  readonly tags: {
    /** How many operations carry one. */
    readonly checked: number;
    readonly violated: readonly Finding[];
  };
  /** Reading and deciding. */
  readonly milliseconds: number;
}

/** What is wrong with one key. */
export interface Finding {
  readonly key: string;
  /** The fewest operations that show it, in order of their starts. */
  readonly operations: readonly Operation[];
  /** For people: the reasons, and a time line. */
  readonly explanation: string;
}
