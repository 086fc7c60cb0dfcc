import { expect, test } from '@jest/globals';
import { toJson } from './to-json.js';

test('numbers up to 2^53-1 are numbers, larger ones decimal text', () => {
  const value = { small: 45n, limit: 2n ** 53n - 1n, above: 2n ** 53n, largest: 2n ** 64n - 1n, plain: 1.5 };
  expect(toJson(value)).toBe(
    '{"small":45,"limit":9007199254740991,"above":"9007199254740992","largest":"18446744073709551615","plain":1.5}',
  );
});

test('lists, texts and missing values are as in JSON', () => {
  expect(toJson([1n, '2', null, undefined, { gone: undefined }])).toBe('[1,"2",null,null,{}]');
  expect(toJson({ a: 1n }, 2)).toBe('{\n  "a": 1\n}');
});
