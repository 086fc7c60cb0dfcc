import { ByteReader, ByteWriter, type StorageWrite } from '@synod/kernel';

/** The end of a chain of journal entries: the last one's number and checksum. */
export interface JournalPosition {
  readonly number: number;
  readonly checksum: number;
}

export const JOURNAL_START: JournalPosition = { number: 0, checksum: 0 };

export function isSame(one: JournalPosition, other: JournalPosition): boolean {
  return one.number === other.number && one.checksum === other.checksum;
}

/** What one group of writes is in the journal. */
export interface Entry {
  readonly number: number;
  /** Of the entry before: one that is missing or altered breaks the chain and cannot pass for a shorter journal. */
  readonly previous: number;
  readonly puts: readonly StorageWrite[];
}

/** @param size about how many bytes the puts take, to reserve memory once */
export function encodeEntry({ number, previous, puts }: Entry, size: number): Uint8Array {
  const writer = new ByteWriter(size + 64).number(number).number(previous).number(puts.length);
  for (const put of puts) {
    writer.text(put.key);
    if (put.value === undefined) writer.boolean(false);
    else writer.boolean(true).bytes(put.value);
  }
  return writer.finish();
}

/** Throws `SynodError` `corrupt` if it is none. */
export function decodeEntry(content: Uint8Array): Entry {
  const reader = new ByteReader(content);
  const number = reader.number();
  const previous = reader.number();
  const puts: StorageWrite[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const key = reader.text();
    puts.push({ key, value: reader.boolean() ? reader.bytes() : undefined });
  }
  reader.done();
  return { number, previous, puts };
}
