import type { Replication } from './options.js';

/** The registers of one key, or of all keys that begin alike. */
export interface KeyPattern extends Replication {
  /** A key, or a prefix followed by `*`. */
  readonly key: string;
}

/**
 * Who holds and writes the register of a key, as patterns say: a key itself comes before all patterns, a longer pattern
 * before a shorter one. Undefined: no pattern matches.
 */
export function replicationByPattern<P extends KeyPattern>(patterns: readonly P[]): (key: string) => P | undefined {
  const isPrefix = ({ key }: P): boolean => key.endsWith('*');
  const exact = new Map(patterns.filter((pattern) => !isPrefix(pattern)).map((pattern) => [pattern.key, pattern]));
  const prefixes = patterns
    .filter(isPrefix)
    .map((pattern) => ({ prefix: pattern.key.slice(0, -1), pattern }))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (key) => exact.get(key) ?? prefixes.find(({ prefix }) => key.startsWith(prefix))?.pattern;
}
