import { afterEach, describe, expect, test } from '@jest/globals';
import type { TokenScheme } from '@synod/tokens';
import { asked, stands, three, until } from './testing/stand.js';

const stand = stands(afterEach);

const tokens: TokenScheme = {
  nodes: three,
  tokens: [
    { id: 'a', writer: 'S1', replicas: three, initial: undefined },
    { id: '007', writer: 'S2', replicas: ['S2', 'S3'], initial: undefined },
  ],
};
const abc = { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } };
// The golden values of docs/registers.md.
const partial = { x: 4n, hash: 2207634929195471568n };
const final = { x: 15n, hash: 902613196918738813n };

describe('a token', () => {
  test('is written, read, dropped and created, wherever it has to go', async () => {
    const { client } = await stand({ tokens });
    const token = client().token('007');
    await expect(token.read()).rejects.toMatchObject({ code: 'never_written', definite: true });
    await expect(token.create()).rejects.toMatchObject({ code: 'exists', definite: true });
    expect(await token.write(abc)).toEqual({ partial, tag: [1, 'S2'] });
    for (let i = 0; i < 2; i++) {
      expect(await token.read()).toEqual({ token: { id: '007', ...abc, partial, final }, tag: [1, 'S2'] });
    }
    expect(await token.drop()).toEqual({ tag: [2, 'S2'] });
    await expect(token.read()).rejects.toMatchObject({ code: 'dropped', definite: true });
    await expect(token.write(abc)).rejects.toMatchObject({ code: 'dropped', definite: true });
    expect(await token.create()).toEqual({ tag: [3, 'S2'] });
  });

  test('that is not configured is unknown', async () => {
    const { client } = await stand({ tokens });
    await expect(client().token('7').read()).rejects.toMatchObject({
      code: 'unknown_token',
      definite: true,
      message: 'no token "7" is configured',
    });
  });

  test('with a domain that is none is refused before anything is sent', async () => {
    const { client, node } = await stand({ tokens });
    const domain = { low: 5n, mid: 1n, high: 25n };
    await expect(client().token('a').write({ name: 'abc', domain })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('low > mid'),
    });
    expect(node('S1').commands).toEqual([]);
  });

  test('whose writer is down is not written: definite; its readers read', async () => {
    const { client, node } = await stand({ tokens });
    const token = client().token('a');
    await token.write(abc);
    await node('S1').hangUp();
    await expect(token.write(abc, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'unavailable', definite: true });
    for (let i = 0; i < 4; i++) expect(await token.read({ timeoutMs: 5_000 })).toMatchObject({ token: { final } });
  });

  test('whose reader is silent is read elsewhere', async () => {
    const { client, node } = await stand({ tokens });
    const token = client({ hedgeMs: 30 }).token('007');
    await token.write(abc);
    node('S3').hold();
    for (let i = 0; i < 4; i++) expect(await token.read()).toMatchObject({ token: { partial, final } });
  });

  test('whose writer falls silent is of unknown state', async () => {
    const { client, node } = await stand({ tokens });
    const token = client().token('a');
    await token.write(abc);
    node('S1').hold();
    await expect(token.drop({ timeoutMs: 500 })).rejects.toMatchObject({
      code: 'deadline',
      definite: false,
      message: 'the drop of token "a" was not answered in 500 ms, its outcome is unknown',
    });
  });

  test('that is given up is searched for no longer', async () => {
    const { client, node } = await stand({ tokens });
    const one = client();
    const given = new AbortController();
    const endless = { name: 'abc', domain: { low: 0n, mid: (1n << 23n) - 1n, high: 1n << 23n } };
    const written = one.token('a').write(endless, { signal: given.signal });
    const gone = expect(written).rejects.toMatchObject({ code: 'cancelled', definite: false });
    await until(() => asked(node('S1'), 'read') > 0);
    given.abort();
    await gone;
    // The pool has one thread: this search waits for the end of that one.
    expect(await one.token('007').write(abc)).toMatchObject({ partial });
    expect(asked(node('S1'), 'write')).toBe(0);
  });
});

test('tokens are listed as they are configured now', async () => {
  const { client, node } = await stand({ tokens });
  const { tokens: listed } = client();
  const expected = tokens.tokens.map(({ id, writer, replicas }) => ({ id, writer, replicas }));
  expect(await listed.list()).toEqual(expected);
  for (const id of three) {
    Object.defineProperty(node(id), 'layout', { value: { nodes: [], registers: [], tokens: [] } });
  }
  expect(await listed.list()).toEqual([]);
});
