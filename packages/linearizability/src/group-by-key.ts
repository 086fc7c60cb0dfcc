import type { History, Operation } from './operation.js';

/** The operations of each key, in the order they have in the history. */
export function groupByKey(history: History): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of history) {
    const group = groups.get(operation.key);
    if (group) group.push(operation);
    else groups.set(operation.key, [operation]);
  }
  return groups;
}
