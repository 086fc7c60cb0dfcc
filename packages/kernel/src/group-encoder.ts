import { ByteWriter } from './bytes.js';
import type { RecordCodec, StorageWrite } from './ports.js';

/** Writes the records of a group one after the other into memory that they share: thousands of small pieces are dear. */
export class GroupEncoder<R> {
  readonly #codec: RecordCodec<R>;
  readonly #writer = new ByteWriter();

  constructor(codec: RecordCodec<R>) {
    this.#codec = codec;
  }

  encode(records: Iterable<readonly [key: string, record: R | undefined]>): StorageWrite[] {
    const ends: [key: string, end: number | undefined][] = [];
    for (const [key, record] of records) {
      if (record !== undefined) this.#codec.encode(key, record, this.#writer);
      ends.push([key, record === undefined ? undefined : this.#writer.length]);
    }
    const memory = this.#writer.take();
    let start = 0;
    return ends.map(([key, end]) => {
      if (end === undefined) return { key, value: undefined };
      const value = memory.subarray(start, end);
      start = end;
      return { key, value };
    });
  }
}
