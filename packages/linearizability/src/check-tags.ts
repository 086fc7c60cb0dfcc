import { compareNatural } from '@synod/kernel';
import { groupByKey } from './group-by-key.js';
import { compareInstants, endOf, precedes, type History, type Operation, type Tag } from './operation.js';
import { drawTimeline } from './timeline.js';

export interface TagsResult {
  /** How many operations carry a tag; the others were not looked at. */
  readonly tagged: number;
  /** At most one per key, in natural order of the keys. */
  readonly violations: readonly TagViolation[];
}

export interface TagViolation {
  readonly key: string;
  readonly reason: string;
  readonly operations: readonly [Operation, Operation];
  /** For people: the reason, and both operations on a time line. */
  readonly explanation: string;
}

/**
 * Checks timestamps as the operations that are `ok` carry them, key by key, in n log n (Cachin, Guerraoui, Rodrigues,
 * algorithms 4.6 and 4.7; docs/registers.md):
 *
 * - They never go back: what begins after another operation has ended carries no smaller tag, and a write a greater one.
 * - They name one write each: no two writes have one tag, and whoever has a tag has its value.
 *
 * It asks more than linearizability, and so finds mistakes before they become visible as values.
 */
export function checkTags(history: History): TagsResult {
  const tagged = history.filter(isTagged);
  const violations = [...groupByKey(tagged)]
    .sort(([a], [b]) => compareNatural(a, b))
    .flatMap(([key, operations]) => {
      const found = findConfusion(operations as Tagged[]) ?? findStepBack(operations as Tagged[]);
      return found ? [{ key, ...found, explanation: `${found.reason}\n${drawTimeline(found.operations)}` }] : [];
    });
  return { tagged: tagged.length, violations };
}

type Tagged = Operation & { readonly tag: Tag };
type Found = Pick<TagViolation, 'reason' | 'operations'>;

function isTagged(operation: Operation): operation is Tagged {
  return operation.tag !== undefined && operation.outcome === 'ok';
}

function findConfusion(operations: readonly Tagged[]): Found | undefined {
  const known = new Map<string, Tagged>();
  for (const operation of operations) {
    const name = show(operation.tag);
    const other = known.get(name);
    if (other && other.value !== operation.value) {
      return { reason: `tag ${name} stands for two values`, operations: [other, operation] };
    }
    if (other?.f === 'write' && operation.f === 'write') {
      return { reason: `tag ${name} stands for two writes`, operations: [other, operation] };
    }
    if (!other || operation.f === 'write') known.set(name, operation);
  }
  return undefined;
}

/** Goes through the starts in order of time, with the greatest tag among what had ended before. */
function findStepBack(operations: readonly Tagged[]): Found | undefined {
  const ended = operations.toSorted((a, b) => compareInstants(endOf(a), endOf(b)));
  let next = 0;
  let greatest: Tagged | undefined;
  for (const operation of operations.toSorted((a, b) => compareInstants(a.start, b.start))) {
    for (let it = ended[next]; it && precedes(it, operation); it = ended[++next]) {
      if (!greatest || compareTags(it.tag, greatest.tag) > 0) greatest = it;
    }
    const order = greatest ? compareTags(operation.tag, greatest.tag) : 1;
    if (order > 0 || (order === 0 && operation.f === 'read')) continue;
    const wanted = operation.f === 'write' ? 'a write after' : 'an operation after';
    return {
      reason: `${wanted} tag ${show(greatest!.tag)} carries ${show(operation.tag)}`,
      operations: [greatest!, operation],
    };
  }
  return undefined;
}

/** By counter, then by writer: S2 stands before S10. */
function compareTags([counter, writer]: Tag, [otherCounter, otherWriter]: Tag): number {
  return compareInstants(counter, otherCounter) || compareNatural(writer, otherWriter);
}

function show([counter, writer]: Tag): string {
  return `(${counter} ${writer})`;
}
