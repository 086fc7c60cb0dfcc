import { expect, test } from '@jest/globals';
import { exitCodes } from '../exit-codes.js';
import { runMain } from '../testing/run-main.js';

test.each([
  [[], 'which cluster? --connect host:port,… or --config FILE says so'],
  [['--connect', '127.0.0.1'], '--connect: "127.0.0.1" is not host:port, for example 127.0.0.1:8000,127.0.0.1:8001'],
  [['--config', 'none.yaml'], 'none.yaml: there is no such file'],
  [['--connect', '127.0.0.1:1'], 'synod tui needs a terminal; without one there are single requests, see synod --help'],
])('synod tui %j without a terminal ends with 2 and one line', async (flags, message) => {
  const { code, stdout, stderr } = await runMain('tui', ...flags);
  expect({ code, stdout }).toEqual({ code: exitCodes.usage, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
