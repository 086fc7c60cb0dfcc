import type { FaultClass } from '../nemesis/fault.js';

/** The failpoints at which servers are to be killed, by when they can be. */
export interface FailpointPlan {
  /** When servers meet for the first time. */
  readonly atMeetings: readonly string[];
  /** While they work. */
  readonly atWork: readonly string[];
  /** When one copies what it held from its peers, after its disk was lost. */
  readonly ofRecovery: readonly string[];
}

const meetings: ReadonlySet<string> = new Set(['introduce', 'acquainted']);
const recovery: ReadonlySet<string> = new Set(['copy', 'page']);

/** Of all failpoints that the servers name, those that can be reached when these faults are made. */
export function planFailpoints(names: readonly string[], classes: readonly FaultClass[]): FailpointPlan {
  const typeOf = (name: string) => name.split(':')[0]!;
  const reachable = classes.includes('kill') ? names : [];
  return {
    atMeetings: reachable.filter((name) => meetings.has(typeOf(name))),
    atWork: reachable.filter((name) => !meetings.has(typeOf(name)) && !recovery.has(typeOf(name))),
    ofRecovery: classes.includes('disk') ? reachable.filter((name) => recovery.has(typeOf(name))) : [],
  };
}

/** Whether there are planned failpoints at which no server was killed yet. */
export function hasOpen({ atMeetings, atWork, ofRecovery }: FailpointPlan, caught: readonly string[]): boolean {
  return [...atMeetings, ...atWork, ...ofRecovery].some((name) => !caught.includes(name));
}

/** How often servers were killed at each planned failpoint, in the order of the plan. */
export function countHits(plan: FailpointPlan, caught: readonly string[]): Record<string, number> {
  const names = [...plan.atMeetings, ...plan.atWork, ...plan.ofRecovery];
  return Object.fromEntries(names.map((name) => [name, caught.filter((it) => it === name).length]));
}
