import type { Call } from './model.js';
import { compareInstants } from './operation.js';

/** A call or a return, in the list of all that have not been placed yet. */
export interface Entry {
  /** Position of the operation among all, by start. */
  readonly operation: number;
  /** The entry of its return; undefined on returns, and if it never returned. */
  readonly match: Entry | undefined;
  readonly isReturn: boolean;
  previous: Entry;
  next: Entry;
}

/**
 * The calls and returns in order of time, in a doubly linked list, after Wing and Gong (1993) and Lowe (2017): placing
 * an operation takes its two entries out, taking it back puts them where they were. A ring: its head is both ends.
 */
export class Entries {
  readonly head: Entry;
  /** Operations that returned and are still in the list. */
  returns = 0;

  /** `calls` are in order of their starts. */
  constructor(calls: readonly Call<unknown, unknown>[]) {
    this.head = makeEntry(-1, undefined, false);
    const placed = calls.flatMap(({ start, returned }, operation) => {
      const end = returned && { time: returned.end, entry: makeEntry(operation, undefined, true) };
      const call = { time: start, entry: makeEntry(operation, end?.entry, false) };
      return end ? [call, end] : [call];
    });
    // At equal times calls come first: what did not end strictly before a start is concurrent with it.
    placed.sort((a, b) => compareInstants(a.time, b.time) || Number(a.entry.isReturn) - Number(b.entry.isReturn));
    for (const { entry } of placed) {
      entry.previous = this.head.previous;
      entry.next = this.head;
      this.#link(entry);
      if (entry.isReturn) this.returns++;
    }
  }

  lift(call: Entry): void {
    unlink(call);
    if (!call.match) return;
    unlink(call.match);
    this.returns--;
  }

  /** Undoes the latest `lift`. */
  unlift(call: Entry): void {
    if (call.match) {
      this.#link(call.match);
      this.returns++;
    }
    this.#link(call);
  }

  #link(entry: Entry): void {
    entry.previous.next = entry;
    entry.next.previous = entry;
  }
}

function unlink(entry: Entry): void {
  entry.previous.next = entry.next;
  entry.next.previous = entry.previous;
}

function makeEntry(operation: number, match: Entry | undefined, isReturn: boolean): Entry {
  const entry = { operation, match, isReturn } as Entry;
  entry.previous = entry;
  entry.next = entry;
  return entry;
}
