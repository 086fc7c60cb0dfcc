import { invariant } from '@synod/kernel';
import type { Tag } from '../timestamp.js';
import { objectionToHistory } from './linearizability.js';

interface Recorded {
  readonly kind: 'read' | 'write';
  readonly key: string;
  readonly begin: number;
  value: string | undefined;
  end: number;
  tag: Tag | undefined;
}

/** What clients did and were told, in one total order of events. */
export class History {
  readonly #operations: Recorded[] = [];
  #events = 0;

  /** How many operations were answered. */
  get answered(): number {
    return this.#operations.filter(({ end }) => end !== Infinity).length;
  }

  begin(kind: 'read' | 'write', key: string, value?: string): Recorded {
    const operation = { kind, key, begin: ++this.#events, value, end: Infinity, tag: undefined };
    this.#operations.push(operation);
    return operation;
  }

  end(operation: Recorded, tag: Tag | undefined, value = operation.value): void {
    operation.end = ++this.#events;
    operation.tag = tag;
    operation.value = value;
  }

  /** It certainly did not happen. */
  forget(operation: Recorded): void {
    this.#operations.splice(this.#operations.indexOf(operation), 1);
  }

  /** Every register is linearizable, and tags never go back. */
  check(): void {
    for (const key of new Set(this.#operations.map((operation) => operation.key))) {
      const operations = this.#operations.filter((operation) => operation.key === key);
      const objection = objectionToHistory(operations);
      invariant(objection === undefined, `${key} is linearizable: ${objection}`);
      checkTags(key, operations);
    }
  }
}

/** What begins after something ended has no lower tag; a write has a higher one. */
function checkTags(key: string, operations: readonly Recorded[]): void {
  const events = operations
    .filter(({ end }) => end !== Infinity)
    .flatMap((operation) => [
      { at: operation.begin, operation, ends: false },
      { at: operation.end, operation, ends: true },
    ])
    .sort((a, b) => a.at - b.at);
  const least = new Map<Recorded, number>();
  let highest = 0;
  for (const { operation, ends } of events) {
    const counter = operation.tag?.[0] ?? 0;
    if (!ends) least.set(operation, highest);
    else {
      const floor = least.get(operation)!;
      const rises = operation.kind === 'write' ? counter > floor : counter >= floor;
      invariant(rises, `${operation.kind} of ${key} has tag ${counter} after ${floor} was seen`);
      highest = Math.max(highest, counter);
    }
  }
}
