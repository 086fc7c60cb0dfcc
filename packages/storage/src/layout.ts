/**
 * Where everything lies in LevelDB. Two families of keys, told apart by their first byte:
 *
 * ```
 * m:identity             whose store this is            sealed (number layout, text cluster, text node, text format,
 *                                                               text disk)
 * m:checkpoint           what the table covers          sealed (number last journal entry, number its checksum)
 * t:<key>                a value as of the checkpoint   sealed (the value's bytes)
 * ```
 *
 * `number`, `text` and `bytes` are the kernel's `ByteWriter` forms; `sealed` puts a checksum in front (seal.ts).
 * Keys are ASCII, so that LevelDB's byte order is the code unit order that the kernel promises. The journal lies in
 * files of its own (journal/).
 */
export const LAYOUT = 3;

export const IDENTITY_KEY = 'm:identity';
export const CHECKPOINT_KEY = 'm:checkpoint';

export function tableKey(key: string): string {
  return `t:${key}`;
}

export function fromTableKey(key: string): string {
  return key.slice(2);
}
