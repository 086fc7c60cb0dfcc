import { compareInstants, type Operation } from './operation.js';

/**
 * Leaves operations out of a violated history while it stays violated, first many at once, then one by one, until none
 * can be left out.
 *
 * Writes of a value that is read stay. Without them the part would be violated where the whole is not: of write 1 and
 * read 1 the read alone is no proof of anything. The writes of a value nobody reads may go, since an order that
 * explains the whole explains it without them. So the whole of each violated part is violated, and once no single
 * operation can go, no group of them can.
 */
export function shrink(
  operations: readonly Operation[],
  isViolated: (some: readonly Operation[]) => boolean,
): readonly Operation[] {
  let kept = operations.toSorted((a, b) => compareInstants(a.start, b.start));
  let size = Math.ceil(kept.length / 2);
  for (;;) {
    let shrunk = false;
    for (let from = kept.length - size; from > -size; from -= size) {
      const fewer = without(kept, Math.max(from, 0), from + size);
      if (fewer.length === kept.length || !isViolated(fewer)) continue;
      kept = fewer;
      shrunk = true;
    }
    if (size === 1 && !shrunk) return kept;
    size = Math.ceil(size / 2);
  }
}

/** Leaves out a slice, but keeps writes whose value is still read. */
function without(operations: readonly Operation[], from: number, to: number): Operation[] {
  const isOutside = (index: number) => index < from || index >= to;
  const read = new Set(operations.filter(({ f }, i) => f === 'read' && isOutside(i)).map(({ value }) => value));
  return operations.filter(({ f, value }, i) => isOutside(i) || (f === 'write' && read.has(value)));
}
