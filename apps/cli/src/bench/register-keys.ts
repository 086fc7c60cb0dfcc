import type { NodeId } from '@synod/kernel';
import type { KeyPattern } from '@synod/register';
import type { WriterChoice } from './plan.js';

/** The registers of a benchmark: those that every server writes, or those of each server that writes its own. */
export function patternsOf(writer: WriterChoice, servers: readonly NodeId[]): KeyPattern[] {
  if (writer === 'any') return [{ key: 'any/*', writer, replicas: servers }];
  return writersOf(writer, servers).map((id) => ({ key: `${id}/*`, writer: id, replicas: servers }));
}

/** Who writes: the key at a place can be written by the one of these at that place, around and around. */
export function writersOf<T>(writer: WriterChoice, servers: readonly T[]): readonly T[] {
  return writer === 'one' ? servers.slice(0, 1) : servers;
}

/** So many keys, of each pattern in turn. */
export function keysOf(patterns: readonly KeyPattern[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => patterns[i % patterns.length]!.key.replace('*', `${i}`));
}
