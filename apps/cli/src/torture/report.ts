import type { NodeId } from '@synod/kernel';
import type { Judgement } from '../check/judgement.js';
import { faultClasses, type FaultClass } from '../nemesis/fault.js';
import type { FaultEvent } from '../nemesis/nemesis.js';
import type { RecordingSummary } from '../record/summary.js';

export interface TortureOptions {
  readonly servers: number;
  readonly seconds: number;
  readonly classes: readonly FaultClass[];
  /** Operations a second of all clients together, at most. */
  readonly perSecond: number;
  readonly seed: number;
  /** Where the history or the dump goes; undefined: beside the data of the servers, and away with it. */
  readonly output: string | undefined;
  /** Is told of each fault. */
  readonly tell: (line: string) => void;
  /** Gives up when it rejects. */
  readonly interrupted: Promise<never>;
}

/**
 * `incomplete`: nothing is wrong, but there are failpoints at which no server was killed. `unknown`: the search for an
 * order of the operations ended at its limit.
 */
export type TortureVerdict = 'good' | 'violated' | 'incomplete' | 'unknown';

/** What a torture found; with `--json`, as it is printed (docs/formats.md). */
export interface TortureReport extends Pick<RecordingSummary, 'milliseconds' | 'longestGapMs' | 'faults'> {
  readonly system: 'register' | 'ledger';
  readonly seed: number;
  readonly servers: number;
  /** By outcome. */
  readonly operations: Readonly<Record<string, number>>;
  /** Operations that were completed, per second. */
  readonly perSecond: number;
  /** How often servers were killed at each failpoint. */
  readonly failpoints: Readonly<Record<string, number>>;
  /** Failpoints at which none was. */
  readonly never: readonly string[];
  /** Servers whose disk is lost for good, and how many acknowledged transfers with them. */
  readonly lost?: { readonly servers: readonly NodeId[]; readonly transfers: number };
  /** Of registers. */
  readonly judgement?: Judgement;
  /** What else is wrong. */
  readonly problems: readonly string[];
  readonly verdict: TortureVerdict;
  /** Where the data of the servers was left, and the command that judges what clients saw again. */
  readonly kept?: { readonly directory: string; readonly again: string };
}

/** From so many seconds on a server must be killed at every failpoint. */
export const secondsForAllFailpoints = 180;

/** How much longer a torture may take until every class of faults was made, and a server killed at every failpoint. */
export const secondsForTheRest = 180;

/** The classes of which no fault was made yet. */
export function openClasses(classes: readonly FaultClass[], made: readonly FaultEvent[]): FaultClass[] {
  const kinds = new Set(made.map(({ fault }) => fault.kind));
  return classes.filter((name) => !faultClasses[name].some((kind) => kinds.has(kind)));
}

export type Findings = Omit<TortureReport, 'never' | 'verdict' | 'kept'>;

export function reportOf(findings: Findings, seconds: number): TortureReport {
  const never = Object.entries(findings.failpoints).flatMap(([name, hits]) => (hits === 0 ? name : []));
  return { ...findings, never, verdict: verdictOf(findings, seconds >= secondsForAllFailpoints ? never : []) };
}

function verdictOf({ judgement, problems }: Findings, never: readonly string[]): TortureVerdict {
  const isViolated = judgement && (judgement.verdict === 'violated' || judgement.tags.violated.length > 0);
  if (isViolated || problems.length > 0) return 'violated';
  if (judgement?.verdict === 'unknown') return 'unknown';
  return never.length > 0 ? 'incomplete' : 'good';
}
