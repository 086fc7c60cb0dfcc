import { expect, test } from '@jest/globals';
import { seal, unseal } from './seal.js';

test.each([
  ['no memory', new Uint8Array(0)],
  ['a view of no memory', new Uint8Array(0).subarray(0)],
  ['an empty view', new Uint8Array(4).subarray(4)],
])('nothing is sealed and unsealed, whatever it is made of: %s', (_, nothing) => {
  expect(unseal('t:key', new Uint8Array(seal('t:key', nothing)))).toHaveLength(0);
});
