import { afterEach, expect, test } from '@jest/globals';
import { asked, stands, three, until } from './testing/stand.js';

const stand = stands(afterEach);

test('given up by a signal, before anything was sent: definite', async () => {
  const { client, node } = await stand();
  const register = client().register('one/a');
  const cancelled = { code: 'cancelled', definite: true };
  await expect(register.write('x', { signal: AbortSignal.abort() })).rejects.toMatchObject(cancelled);
  await expect(register.read({ signal: AbortSignal.abort() })).rejects.toMatchObject(cancelled);
  await register.read();
  await node('S1').hangUp();
  const given = new AbortController();
  const waiting = expect(register.write('x', { signal: given.signal })).rejects.toMatchObject(cancelled);
  given.abort();
  await waiting;
  expect(asked(node('S1'), 'write')).toBe(0);
});

test('given up by a signal, after it was sent: a write is of unknown outcome, a read is not', async () => {
  const { client, node } = await stand();
  const { registers } = client();
  for (const id of three) node(id).hold();
  const given = new AbortController();
  const keys = Array.from({ length: 50 }, (_, i) => `one/${i}`);
  const written = registers.writeMany(
    keys.map((key) => ({ key, value: 'x' })),
    { signal: given.signal },
  );
  const read = registers.readMany(keys, { signal: given.signal });
  await until(() => asked(node('S1'), 'write') === 50 && asked(node('S3'), 'read') > 15);
  given.abort();
  for (const result of await written) expect(result).toMatchObject({ code: 'cancelled', definite: false });
  for (const result of await read) expect(result).toMatchObject({ code: 'cancelled', definite: true });
});

test('given up by closing the client: every call ends, and no other begins', async () => {
  const { client, node } = await stand();
  const closing = client();
  const register = closing.register('one/a');
  for (const id of three) node(id).hold();
  const written = expect(register.write('x')).rejects.toMatchObject({ code: 'cancelled', definite: false });
  const read = expect(register.read()).rejects.toMatchObject({ code: 'cancelled', definite: true });
  await until(() => asked(node('S1'), 'write') === 1);
  closing.close();
  await Promise.all([written, read]);
  await expect(register.write('x')).rejects.toMatchObject({ code: 'cancelled', definite: true });
  await expect(register.read()).rejects.toMatchObject({ code: 'cancelled', definite: true });
  expect(await closing.registers.readMany(['one/a'])).toMatchObject([{ code: 'cancelled' }]);
});
