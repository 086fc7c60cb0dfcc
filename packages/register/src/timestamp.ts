import { compareNatural, type NodeId } from '@synod/kernel';
import type { Incarnation } from './incarnation.js';

/**
 * Orders the values of one register: by counter, then by writer in natural order, so that no two writers ever use the
 * same one, then by the writer's incarnation, so that no two lives of one writer do. (Cachin, Guerraoui, Rodrigues,
 * *Introduction to Reliable and Secure Distributed Programming*, section 4.4: the pair of timestamp and rank.)
 */
export interface Timestamp {
  /** From 1. */
  readonly counter: number;
  readonly writer: NodeId;
  readonly incarnation: Incarnation;
}

/** What callers see of a timestamp. */
export type Tag = readonly [counter: number, writer: NodeId];

export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (a.counter !== b.counter) return a.counter - b.counter;
  const order = compareNatural(a.writer, b.writer);
  if (order !== 0 || a.incarnation === b.incarnation) return order;
  return a.incarnation < b.incarnation ? -1 : 1;
}

/** Whether `timestamp` is greater than `other`; undefined, for a register that was never written, is below all. */
export function isNewer(timestamp: Timestamp, other: Timestamp | undefined): boolean {
  return other === undefined || compareTimestamps(timestamp, other) > 0;
}

/** Whether `tag` is of a later write than `than`; undefined, of a register that was never written, is before all. */
export function isLaterTag(tag: Tag | undefined, than: Tag | undefined): boolean {
  if (!tag || !than) return tag !== undefined;
  return tag[0] === than[0] ? compareNatural(tag[1], than[1]) > 0 : tag[0] > than[0];
}

export function tagOf({ counter, writer }: Timestamp): Tag {
  return [counter, writer];
}

/** The highest counter in use below `timestamp` and at it: 0 for a register that was never written. */
export function counterOf(timestamp: Timestamp | undefined): number {
  return timestamp?.counter ?? 0;
}
