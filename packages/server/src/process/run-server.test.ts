import { afterEach, expect, jest, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { runServer } from './run-server.js';

afterEach(() => void jest.restoreAllMocks());

/** Runs without the handlers of the process, which real processes of the servers test; returns what stderr was told. */
async function run(start: Parameters<typeof runServer>[1]): Promise<{ code: number; said: string }> {
  let said = '';
  jest.spyOn(process, 'on').mockReturnValue(process);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  return { code: await runServer('synod-counter', start), said };
}

test('a start that is refused is told in one line, after the name of the program', async () => {
  const refuse = () => Promise.reject(new SynodError('config', 'a file:\n  is wrong'));
  expect(await run(refuse)).toEqual({ code: 2, said: 'synod-counter: a file: is wrong\n' });
});

test('where nothing is to be run nothing is said', async () => {
  expect(await run(() => Promise.resolve(undefined))).toEqual({ code: 0, said: '' });
});
