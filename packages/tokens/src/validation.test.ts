import { describe, expect, test } from '@jest/globals';
import { checkDomain, checkId, checkName, parseDomain, parseUint64 } from './index.js';

const refused = (message: string) => expect.objectContaining({ code: 'invalid_argument', message }) as unknown as Error;

describe('numbers', () => {
  test.each([
    ['0', 0n],
    ['007', 7n],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 2n ** 64n - 1n],
  ])('%s is read exactly', (text, value) => {
    expect(parseUint64(text, 'low')).toBe(value);
  });

  test.each(['abc', '-1', '+1', '1.5', '', ' 1', '1e3', '0x10', '1_000', '١', '18446744073709551616'])(
    '%p is refused, and named',
    (text) => {
      expect(() => parseUint64(text, 'mid')).toThrow(
        refused(`mid: ${JSON.stringify(text)} is not a whole number from 0 to 18446744073709551615`),
      );
    },
  );

  test('a text of a megabyte is refused without being shown', () => {
    expect(() => parseUint64('9'.repeat(2 ** 20), 'low')).toThrow(
      refused(`low: "${'9'.repeat(40)}…" is not a whole number from 0 to 18446744073709551615`),
    );
  });
});

describe('domains', () => {
  test.each([
    [0n, 0n, 1n],
    [1n, 5n, 25n],
    [2n ** 64n - 2n, 2n ** 64n - 2n, 2n ** 64n - 1n],
  ])('[%d, %d, %d] is one', (low, mid, high) => {
    expect(() => checkDomain({ low, mid, high })).not.toThrow();
    expect(parseDomain(`${low}`, `${mid}`, `${high}`)).toEqual({ low, mid, high });
  });

  test.each([
    [5n, 3n, 9n, 'domain: low > mid (5 > 3): low <= mid < high'],
    [1n, 5n, 5n, 'domain: mid >= high (5 >= 5): low <= mid < high'],
    [1n, 9n, 5n, 'domain: mid >= high (9 >= 5): low <= mid < high'],
    [-1n, 5n, 9n, 'low: "-1" is not a whole number from 0 to 18446744073709551615'],
    [1n, 5n, 2n ** 64n, 'high: "18446744073709551616" is not a whole number from 0 to 18446744073709551615'],
  ])('[%d, %d, %d] is none', (low, mid, high, message) => {
    expect(() => checkDomain({ low, mid, high })).toThrow(refused(message));
  });
});

describe('ids', () => {
  test.each(['101', '/', '..', '../../etc', '__proto__', 'constructor', ' ', 'ä', '🎟', 'x'.repeat(256)])(
    '%p is one',
    (id) => {
      expect(() => checkId(id)).not.toThrow();
    },
  );

  test.each([
    ['', 'id: is empty'],
    ['a\0b', 'id: holds a control character'],
    ['a\nb', 'id: holds a control character'],
    ['x'.repeat(257), 'id: has 257 bytes: at most 256'],
    ['ä'.repeat(129), 'id: has 258 bytes: at most 256'],
    ['x'.repeat(2 ** 20), 'id: has 1048576 bytes: at most 256'],
    ['\uD800', 'id: is not well-formed Unicode'],
  ])('%#: refused', (id, message) => {
    expect(() => checkId(id)).toThrow(refused(message));
  });
});

describe('names', () => {
  test.each(['', 'abc', 'a b', 'a\0b', 'x'.repeat(1024)])('%#: accepted', (name) => {
    expect(() => checkName(name)).not.toThrow();
  });

  test.each([
    ['x'.repeat(1025), 'name: has 1025 bytes: at most 1024'],
    ['\uDC00', 'name: is not well-formed Unicode'],
  ])('%#: refused', (name, message) => {
    expect(() => checkName(name)).toThrow(refused(message));
  });
});
