import { ByteReader, ByteWriter, SynodError, type StorageWrite } from '@synod/kernel';
import { journalKey } from './layout.js';
import { checksumOf, seal, unseal } from './seal.js';

/** The end of a chain of journal entries: the last one's number and checksum. */
export interface JournalPosition {
  readonly number: number;
  readonly checksum: number;
}

export const JOURNAL_START: JournalPosition = { number: 0, checksum: 0 };

export interface SealedEntry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Where the journal stands with this entry. */
  readonly position: JournalPosition;
}

/**
 * Packs a group of puts as the journal entry that follows `last`. Every entry names its own number and the checksum
 * of the one before: an entry that is missing or altered breaks the chain and cannot pass for a shorter journal.
 *
 * @param size about how many bytes the puts take, to reserve memory once
 */
export function sealEntry(last: JournalPosition, puts: readonly StorageWrite[], size: number): SealedEntry {
  const number = last.number + 1;
  const key = journalKey(number);
  const writer = new ByteWriter(size + 64).number(number).number(last.checksum).number(puts.length);
  for (const put of puts) {
    writer.text(put.key);
    if (put.value === undefined) writer.boolean(false);
    else writer.boolean(true).bytes(put.value);
  }
  const value = seal(key, writer.finish());
  return { key, value, position: { number, checksum: checksumOf(value) } };
}

/**
 * Reads the entry found under `key`, which must be the one that follows `last`.
 * Throws `SynodError` `corrupt` if it is any other one, or damaged.
 */
export function unsealEntry(
  last: JournalPosition,
  key: string,
  value: Uint8Array,
): { readonly puts: readonly StorageWrite[]; readonly position: JournalPosition } {
  const number = last.number + 1;
  if (key !== journalKey(number)) {
    throw new SynodError('corrupt', `journal holds ${key} where ${journalKey(number)} must follow`);
  }
  const reader = new ByteReader(unseal(key, value));
  const named = reader.number();
  const previous = reader.number();
  if (named !== number || previous !== last.checksum) {
    throw new SynodError('corrupt', `journal entry ${key} does not continue the one before it`);
  }
  const puts: StorageWrite[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const putKey = reader.text();
    puts.push({ key: putKey, value: reader.boolean() ? reader.bytes() : undefined });
  }
  reader.done();
  return { puts, position: { number, checksum: checksumOf(value) } };
}
