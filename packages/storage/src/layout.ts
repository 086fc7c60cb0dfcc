/**
 * Where everything lies in LevelDB. Three families of keys, told apart by their first byte:
 *
 * ```
 * m:identity             whose store this is            sealed (number layout, text cluster, text node, text format,
 *                                                               text disk)
 * m:checkpoint           what the table covers          sealed (number last entry, number its checksum)
 * j:0000000000000042     journal entry 42               sealed (number 42, number checksum of entry 41, number puts,
 *                                                               puts × (text key, number 1, bytes value | number 0))
 * t:<key>                a value as of the checkpoint   sealed (the value's bytes)
 * ```
 *
 * `number`, `text` and `bytes` are the kernel's `ByteWriter` forms; `sealed` puts a checksum in front (seal.ts).
 * Keys are ASCII, so that LevelDB's byte order is the code unit order that the kernel promises.
 */
export const LAYOUT = 2;

export const IDENTITY_KEY = 'm:identity';
export const CHECKPOINT_KEY = 'm:checkpoint';

/** All journal entries, oldest first: 16 digits hold every number up to 2^53-1. */
export const JOURNAL_RANGE = { gte: 'j:', lt: 'j;' } as const;

export function journalKey(number: number): string {
  return `j:${String(number).padStart(16, '0')}`;
}

export function tableKey(key: string): string {
  return `t:${key}`;
}

export function fromTableKey(key: string): string {
  return key.slice(2);
}
