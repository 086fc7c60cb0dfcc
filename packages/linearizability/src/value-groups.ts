import type { Operation, Value } from './operation.js';

/** Everything that wrote or read one value of one register. */
export interface ValueGroup {
  readonly value: Value;
  /** Writes that happened or may have happened. */
  readonly writes: readonly Operation[];
  /** Reads that returned it. */
  readonly reads: readonly Operation[];
  /** Writes that did not happen. */
  readonly failed: readonly Operation[];
}

/** A group while operations are still added to it. */
interface Growing extends ValueGroup {
  writes: Operation[];
  reads: Operation[];
  failed: Operation[];
}

/** Most values are written once and read once: lists of their own that begin empty would take room for seventeen each. */
const none: Operation[] = [];

/** The operations of one key by value. Reads without result are left out: they say nothing. */
export function groupByValue(operations: Iterable<Operation>): Map<Value, ValueGroup> {
  const groups = new Map<Value, Growing>();
  for (const operation of operations) {
    const { f, outcome, value } = operation;
    if (f === 'read' && outcome !== 'ok') continue;
    let group = groups.get(value);
    if (!group) groups.set(value, (group = { value, writes: none, reads: none, failed: none }));
    if (f === 'read') group.reads = withOne(group.reads, operation);
    else if (outcome === 'fail') group.failed = withOne(group.failed, operation);
    else group.writes = withOne(group.writes, operation);
  }
  return groups;
}

function withOne(list: Operation[], operation: Operation): Operation[] {
  if (list === none) return [operation];
  list.push(operation);
  return list;
}

/**
 * What can decide about a history: reads, and writes without those of unknown outcome that nobody read. Whatever order
 * explains the history with such a write explains it without, and the write need not have happened.
 */
export function decisive(groups: Iterable<ValueGroup>): ValueGroup[] {
  const decisive: ValueGroup[] = [];
  for (const { value, writes, reads } of groups) {
    const needed = reads.length > 0 ? writes : writes.filter(({ outcome }) => outcome === 'ok');
    if (needed.length > 0 || reads.length > 0) decisive.push({ value, writes: needed, reads, failed: none });
  }
  return decisive;
}

/** Writes before reads, value by value. */
export function operationsOf(groups: readonly ValueGroup[]): Operation[] {
  return groups.flatMap(({ writes, reads }) => [...writes, ...reads]);
}
