import { invariant } from '@synod/kernel';
import { checkHistory, type Operation } from '@synod/linearizability';
import { isLaterTag, type Tag } from '../timestamp.js';

export interface Recorded {
  readonly kind: 'read' | 'write';
  readonly key: string;
  readonly begin: number;
  /** The highest tag that any operation had ended with when this one began. */
  readonly floor: Tag | undefined;
  value: string | null;
  end: number | undefined;
  tag: Tag | undefined;
}

/** What clients did and were told, in one total order of events. */
export class RegisterHistory {
  readonly #operations = new Set<Recorded>();
  readonly #highest = new Map<string, Tag>();
  #events = 0;

  /** How many operations were answered. */
  get answered(): number {
    return [...this.#operations].filter(({ end }) => end !== undefined).length;
  }

  /** `value`: what is written, unique among the writes of a key. */
  begin(kind: 'read' | 'write', key: string, value: string | null = null): Recorded {
    const floor = this.#highest.get(key);
    const operation: Recorded = { kind, key, begin: ++this.#events, floor, value, end: undefined, tag: undefined };
    this.#operations.add(operation);
    return operation;
  }

  /** Throws if the tag is too low: what begins after something ended has no lower one, and a write a higher one. */
  end(operation: Recorded, tag: Tag | undefined, value = operation.value): void {
    operation.end = ++this.#events;
    operation.tag = tag;
    operation.value = value;
    const { kind, key, floor } = operation;
    const rises = kind === 'write' ? isLaterTag(tag, floor) : !isLaterTag(floor, tag);
    invariant(rises, `${kind} of ${key} has tag ${show(tag)} after ${show(floor)} was seen`);
    if (tag && isLaterTag(tag, this.#highest.get(key))) this.#highest.set(key, tag);
  }

  /** It certainly did not happen. */
  forget(operation: Recorded): void {
    this.#operations.delete(operation);
  }

  /** Throws unless every register is linearizable so far: what is not answered yet may have happened. */
  check(): void {
    const { keys } = checkHistory(
      [...this.#operations].map(({ kind, key, value, begin, end }, process): Operation => {
        return { process, f: kind, key, value, outcome: end === undefined ? 'info' : 'ok', start: begin, end };
      }),
    );
    const violated = keys.find(({ verdict }) => verdict !== 'linearizable');
    invariant(!violated, `${violated?.key} is not linearizable\n${violated?.explanation}`);
  }
}

function show(tag: Tag | undefined): string {
  return tag ? `(${tag.join(' ')})` : 'none';
}
