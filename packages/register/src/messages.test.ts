import { expect, test } from '@jest/globals';
import { phaseOf } from './messages.js';
import { parseMessage } from './testing/notation.js';

test.each([
  ['read i1#1 a', 'read'],
  ['value i1#1 a none', 'read'],
  ['write i1#1 a (1, S1, i1)=x', 'write'],
  ['ack i1#1 a', 'write'],
  ['introduce i1', undefined],
  ['copy i1#1 from 0 S1', undefined],
  ['configuration S1 v1 i9 at h:1 done', undefined],
])('%s belongs to the phase %s', (message, phase) => {
  expect(phaseOf(parseMessage(message))).toBe(phase);
});
