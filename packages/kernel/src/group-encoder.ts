import { ByteWriter } from './bytes.js';
import type { RecordCodec, StorageWrite } from './ports.js';

/** Where the bytes of a record end that is none any more. */
const removed = -1;

/** Writes the records of a group one after the other into memory that they share: thousands of small pieces are dear. */
export class GroupEncoder<R> {
  readonly #codec: RecordCodec<R>;
  readonly #writer = new ByteWriter();

  constructor(codec: RecordCodec<R>) {
    this.#codec = codec;
  }

  encode(records: Iterable<readonly [key: string, record: R | undefined]>): StorageWrite[] {
    const keys: string[] = [];
    const ends: number[] = [];
    for (const [key, record] of records) {
      if (record !== undefined) this.#codec.encode(key, record, this.#writer);
      keys.push(key);
      ends.push(record === undefined ? removed : this.#writer.length);
    }
    const memory = this.#writer.take();
    let start = 0;
    return keys.map((key, i) => {
      const end = ends[i]!;
      if (end === removed) return { key, value: undefined };
      const value = memory.subarray(start, end);
      start = end;
      return { key, value };
    });
  }
}
