import type { ValueCodec } from '../block.js';

/** Entries of plain text. */
export const textCodec: ValueCodec<string> = {
  write: (writer, value) => void writer.text(value),
  read: (reader) => reader.text(),
};

/** Stands before block 1 in tests. */
export const genesis = '0'.repeat(64);
