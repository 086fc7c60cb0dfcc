import { nameOf, type Counterexample } from './counterexample.js';
import type { Value } from './operation.js';
import { show } from './timeline.js';
import type { ValueGroup } from './value-groups.js';

/**
 * Finds a read of a value that nobody wrote, or else of one whose every write failed: a write that failed did not
 * happen. The first kind is the smaller proof.
 */
export function checkWritten(groups: readonly ValueGroup[], initial: Value): Counterexample | undefined {
  const unwritten = groups.filter(({ value, writes, reads }) => {
    return reads.length > 0 && writes.length === 0 && value !== initial;
  });
  const group = unwritten.find(({ failed }) => failed.length === 0) ?? unwritten[0];
  if (!group) return undefined;
  const read = group.reads[0]!;
  const failed = group.failed.slice(0, 1);
  const why = failed.length > 0 ? `the write of ${show(group.value)} failed` : `nobody wrote ${show(group.value)}`;
  return { operations: [read, ...failed], reasons: [`${nameOf(read)}: ${why}`] };
}
