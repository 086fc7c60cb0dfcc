import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { put, TemporaryStore } from '../testing/temporary-store.js';
import { storedCrc32c } from './crc32c.js';
import { readLogFile } from './log-file.js';
import { unsnappy } from './snappy.js';
import { checkTable } from './table-file.js';

const BLOCK = 32_768;

test('CRC-32C: the check value of the catalogues, masked as LevelDB does it, whatever stands around', () => {
  const masked = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  expect(storedCrc32c(Buffer.from('?123456789?'), 1, 10)).toBe(masked(0xe3069283));
  expect(storedCrc32c(Buffer.alloc(32), 0, 32)).toBe(masked(0x8a9136aa)); // RFC 3720, B.4
});

describe('Snappy', () => {
  const text = (bytes: number[], ascii = '') => Buffer.concat([Buffer.from(bytes), Buffer.from(ascii)]);

  test('literals, and copies with offsets of one, two and four bytes', () => {
    const parts = [
      text([22, 3 << 2], 'abcd'),
      text([1 | (1 << 2), 4]), // 5 bytes from 4 back: into what it makes
      text([2 | (3 << 2), 9, 0]), // 4 bytes from 9 back
      text([3 | (1 << 2), 1, 0, 0, 0]), // 2 bytes from 1 back
      text([60 << 2, 6], 'literal'),
    ];
    expect(Buffer.from(unsnappy(Buffer.concat(parts))).toString()).toBe('abcd' + 'abcda' + 'abcd' + 'dd' + 'literal');
  });

  test.each<[string, number[]]>([
    ['a literal that is cut short', [4, 3 << 2, 97]],
    ['a copy from before the start', [5, 0, 97, 1, 2]],
    ['less than was announced', [2, 0, 97]],
    ['no end of its length', [0x80]],
  ])('%s is damage', (_, bytes) => {
    expect(() => unsnappy(Buffer.from(bytes))).toThrow(expect.objectContaining({ name: 'Damage' }));
  });
});

describe('a log file', () => {
  /** Appends records as LevelDB's log writer does. */
  function logOf(...sizes: number[]): Buffer {
    const parts: Buffer[] = [];
    let length = 0;
    const add = (part: Buffer) => void (parts.push(part), (length += part.length));
    for (const [i, size] of sizes.entries()) {
      let left = Buffer.alloc(size, i + 1);
      for (let first = true; first || left.length > 0; first = false) {
        const room = BLOCK - (length % BLOCK);
        if (room < 7) add(Buffer.alloc(room));
        const content = left.subarray(0, BLOCK - (length % BLOCK) - 7);
        left = left.subarray(content.length);
        const fragment = Buffer.alloc(7 + content.length);
        fragment.writeUInt16LE(content.length, 4);
        fragment[6] = first ? (left.length === 0 ? 1 : 2) : left.length === 0 ? 4 : 3;
        content.copy(fragment, 7);
        fragment.writeUInt32LE(storedCrc32c(fragment, 6, fragment.length), 0);
        add(fragment);
      }
    }
    return Buffer.concat(parts);
  }

  test.each([[[5, 0, 7]], [[BLOCK - 7, 1]], [[BLOCK - 12, 3 * BLOCK, 9]], [[BLOCK - 14, 1]], [[]]])(
    'of records of %j bytes has them all, across blocks and beside their padding',
    (sizes) => {
      const { records, tornAt } = readLogFile(logOf(...sizes));
      expect(records.map(({ length }) => length)).toEqual(sizes);
      expect(tornAt).toBeUndefined();
    },
  );

  test('that ends in the middle of a record has those before it', () => {
    const whole = logOf(10, 2 * BLOCK, 5);
    for (const length of [18, 23, 30, BLOCK, BLOCK + 3, 2 * BLOCK + 20]) {
      const { records, tornAt } = readLogFile(whole.subarray(0, length));
      expect([records.length, tornAt]).toEqual([1, 17]);
    }
  });

  test('is damaged wherever a bit is flipped in a record that another one follows', () => {
    const whole = logOf(10, 20, 30);
    for (let at = 0; at < 17 + 27; at++) {
      whole[at]! ^= 0x40;
      expect(() => readLogFile(whole)).toThrow(expect.objectContaining({ name: 'Damage' }));
      whole[at]! ^= 0x40;
    }
    whole[17 + 27]! ^= 0x40;
    expect(readLogFile(whole).tornAt).toBe(17 + 27);
  });

  test('is damaged if a record has no start, or no end though another one follows', () => {
    const whole = logOf(2 * BLOCK, 5);
    const message = (bytes: Buffer) => expect(() => readLogFile(bytes)).toThrow(/is not whole, though one follows/);
    message(whole.subarray(BLOCK));
    message(Buffer.concat([whole.subarray(0, BLOCK), logOf(5)]));
  });
});

test('a table is damaged whichever of its bits is flipped, but for the padding of its footer', async () => {
  const store = new TemporaryStore();
  try {
    const storage = await store.open();
    // Long keys that are much alike: their index is compressed.
    const keys = Array.from({ length: 200 }, (_, i) => `${'key'.repeat(30)}/${i}`);
    await put(storage, Object.fromEntries(keys.map((key) => [key, 'a value '.repeat(20)])));
    await storage.checkpoint();
    await storage.close();
    await (await store.open()).close(); // which makes a table of the log
    const directory = await store.directory();
    const [table] = (await readdir(directory)).filter((file) => file.endsWith('.ldb'));
    const bytes = await readFile(join(directory, table!));
    checkTable(bytes);
    const footerAt = bytes.length - 48;
    const unnoticed = new Set<number>();
    for (let at = 0; at < bytes.length; at++) {
      // What a checksum covers has one bit flipped in each byte; the footer, which has none, every bit.
      for (const bit of at < footerAt ? [at % 8] : [0, 1, 2, 3, 4, 5, 6, 7]) {
        bytes[at]! ^= 1 << bit;
        try {
          checkTable(bytes);
          unnoticed.add(at);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Damage' });
        }
        bytes[at]! ^= 1 << bit;
      }
    }
    const footer = bytes.subarray(footerAt, -8);
    const padding = footer.length - footer.findLastIndex((byte) => byte !== 0) - 1;
    expect([...unnoticed]).toEqual(Array.from({ length: padding }, (_, i) => bytes.length - 8 - padding + i));
  } finally {
    await store.remove();
  }
});
