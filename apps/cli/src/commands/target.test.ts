import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { reachServer } from './target.js';

const server = { address: '127.0.0.1:8000', timeoutMs: 1500 };
const failing = (error: Error) => reachServer(server, () => Promise.reject(error));

describe('where a server has not answered, the error names it, and stays as certain as it was', () => {
  test.each([true, false])('definite: %s', async (definite) => {
    await expect(failing(new SynodError('deadline', 'Deadline exceeded after …', { definite }))).rejects.toMatchObject({
      code: 'deadline',
      message: '127.0.0.1:8000 did not answer in 1.5 s',
      definite,
    });
    await expect(failing(new SynodError('unavailable', 'Connection dropped', { definite }))).rejects.toMatchObject({
      code: 'unavailable',
      message: '127.0.0.1:8000: Connection dropped',
      definite,
    });
  });

  test('once', async () => {
    const message = '127.0.0.1:8000 cannot be reached';
    await expect(failing(new SynodError('unavailable', message))).rejects.toMatchObject({ message });
  });
});

test("what a server answers is told in the server's words", async () => {
  const refusal = new SynodError('exists', 'token "101" exists');
  await expect(failing(refusal)).rejects.toBe(refusal);
});
