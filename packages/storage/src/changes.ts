import type { KeyRange, StorageWrite } from '@synod/kernel';
import type { Page, StoredEntry } from './pages.js';

/** What became of a key since a checkpoint: its new value, or `null` if it was removed. */
export type Change = Uint8Array | null;

/** Keys with what became of them. */
export type Changes = Map<string, Change>;

/** What is written belongs to the store: its memory, which the values of a group may share, lasts until the next checkpoint. */
export function apply(changes: Changes, writes: readonly StorageWrite[]): void {
  for (const { key, value } of writes) changes.set(key, value ?? null);
}

/** The changes in a range in key order. Of several layers the last one that has a key counts. */
export function changesIn(range: KeyRange, layers: readonly ReadonlyMap<string, Change>[]): [string, Change][] {
  const found: Changes = new Map();
  for (const layer of layers) {
    for (const [key, change] of layer) if (key >= range.from && key < range.to) found.set(key, change);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Lays changes over what is stored, both in key order. */
export async function* overlay(
  changes: readonly [string, Change][],
  stored: AsyncIterable<Page>,
): AsyncGenerator<Page> {
  let next = 0;
  for await (const page of stored) {
    const entries: StoredEntry[] = [];
    for (const entry of page) {
      let change = changes[next];
      for (; change && change[0] < entry[0]; change = changes[++next]) addPresent(entries, change);
      // A change of this very key stands instead of what is stored: it comes with the next smaller ones.
      if (change?.[0] !== entry[0]) entries.push(entry);
    }
    yield entries;
  }
  const rest: StoredEntry[] = [];
  for (const change of changes.slice(next)) addPresent(rest, change);
  yield rest;
}

function addPresent(entries: StoredEntry[], [key, change]: readonly [string, Change]): void {
  if (change !== null) entries.push([key, new Uint8Array(change)]);
}
