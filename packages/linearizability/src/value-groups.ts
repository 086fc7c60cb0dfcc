import type { Operation, Value } from './operation.js';

/** Everything that wrote or read one value of one register. */
export interface ValueGroup {
  readonly value: Value;
  /** Writes that happened or may have happened. */
  readonly writes: Operation[];
  /** Reads that returned it. */
  readonly reads: Operation[];
  /** Writes that did not happen. */
  readonly failed: Operation[];
}

/** The operations of one key by value. Reads without result are left out: they say nothing. */
export function groupByValue(operations: Iterable<Operation>): Map<Value, ValueGroup> {
  const groups = new Map<Value, ValueGroup>();
  for (const operation of operations) {
    const { f, outcome, value } = operation;
    if (f === 'read' && outcome !== 'ok') continue;
    let group = groups.get(value);
    if (!group) groups.set(value, (group = { value, writes: [], reads: [], failed: [] }));
    if (f === 'read') group.reads.push(operation);
    else if (outcome === 'fail') group.failed.push(operation);
    else group.writes.push(operation);
  }
  return groups;
}

/**
 * What can decide about a history: reads, and writes without those of unknown outcome that nobody read. Whatever order
 * explains the history with such a write explains it without, and the write need not have happened.
 */
export function decisive(groups: Iterable<ValueGroup>): ValueGroup[] {
  const decisive: ValueGroup[] = [];
  for (const { value, writes, reads } of groups) {
    const needed = reads.length > 0 ? writes : writes.filter(({ outcome }) => outcome === 'ok');
    if (needed.length > 0 || reads.length > 0) decisive.push({ value, writes: needed, reads, failed: [] });
  }
  return decisive;
}

/** Writes before reads, value by value. */
export function operationsOf(groups: readonly ValueGroup[]): Operation[] {
  return groups.flatMap(({ writes, reads }) => [...writes, ...reads]);
}
