import { expect, test } from '@jest/globals';
import { subjectOf } from './subject.js';
import { parseMessage } from './testing/notation.js';

test.each([
  ['read i1#1 a', 'a, request 1'],
  ['value i1#1 a none + #2 b (1, S1, i1)=x', 'a, request 1; b, request 2'],
  ['write i1#1 @i9 a (1, S1, i1)=x', 'a, request 1'],
  ['ack i1#1 a + #2 b + #3 c', 'a, request 1; b, request 2; c, request 3'],
  ['ack i1#1 a + #2 b + #3 c + #4 d + #9 e', 'a, request 1; b, request 2; c, request 3; 2 more'],
  ['copy i1#1 from 0 S1', 'request 1'],
  ['introduce i1', 'disk 0000000100000001'],
  ['configuration S1 v1 i9 at h:1 done', 'S1 on disk 0000000900000009'],
  ['configuration', 'no replacements'],
])('%s is about: %s', (message, subject) => {
  expect(subjectOf(parseMessage(message))).toBe(subject);
});
