import type { Failpoints } from '@synod/kernel';

/** A place where a process can be made to crash: the points of the node loop, and the middle of a durable write. */
export type CrashPoint = Parameters<Failpoints['reached']>[0] | 'during-write';

export const crashPoints: readonly CrashPoint[] = ['before-write', 'during-write', 'after-write', 'after-release'];
