import { expect, test } from '@jest/globals';
import { mostTelling } from './last-words.js';

const address = 'synod-paxos-server: 127.0.0.1:7001: the address is in use';
const trace = `node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

TypeError: x is not a function
    at file:///server.js:1:1

Node.js v20.20.2
`;

test.each([
  ['one line', `${address}\n`, address],
  ['the last of several lines', `(node:7) Warning: something old\n${address}\n\n`, address],
  ['the first line of an error with its trace', trace, 'TypeError: x is not a function'],
  ['an error with a code', 'Error [ERR_MODULE_NOT_FOUND]: none\n    at x\n', 'Error [ERR_MODULE_NOT_FOUND]: none'],
  ['nothing', '', undefined],
  ['blank lines', ' \n\n', undefined],
])('%s', (_, stderr, telling) => {
  expect(mostTelling(stderr)).toBe(telling);
});
