import { expect, test } from '@jest/globals';
import { renderSilenced, renderUnsilenced } from './silence-answers.js';

const server = '127.0.0.1:8000';

test('a silence is told with its subject, phase and beginning', () => {
  expect(renderSilenced({ server, afterMs: 0 })).toEqual(['server 127.0.0.1:8000 silent about everything, now']);
  expect(renderSilenced({ server, token: '101', phase: 'read', afterMs: 1500 })).toEqual([
    'server 127.0.0.1:8000 silent about token 101 in the read phase, in 1.5 s',
  ]);
  expect(renderSilenced({ server, key: 'a b', phase: 'write', afterMs: 0 })).toEqual([
    'server 127.0.0.1:8000 silent about register "a b" in the write phase, now',
  ]);
});

test('that it is lifted is told with its subject', () => {
  expect(renderUnsilenced({ server })).toEqual(['server 127.0.0.1:8000 silence about everything lifted']);
  expect(renderUnsilenced({ server, token: '101' })).toEqual(['server 127.0.0.1:8000 silence about token 101 lifted']);
});
