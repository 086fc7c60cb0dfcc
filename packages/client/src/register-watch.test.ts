import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { RegisterValue } from '@synod/transport/client';
import { ClientCore } from './client-core.js';
import { watchRegister } from './register-watch.js';
import { asked, stands, text, three } from './testing/stand.js';

const stand = stands(afterEach);
const cores: ClientCore[] = [];
afterEach(() => {
  for (const core of cores.splice(0)) core.close();
});

async function next(values: AsyncGenerator<RegisterValue>): Promise<string | undefined> {
  const next = await values.next();
  if (next.done) throw new Error('the watch ended');
  return text(next.value.value);
}

describe('a watch', () => {
  test('begins with the current value, and goes on with newer ones, tombstones too', async () => {
    const { client } = await stand();
    const register = client().register('one/a');
    const given = new AbortController();
    const values = register.watch({ signal: given.signal });
    expect((await values.next()).value).toEqual({ value: undefined, tag: undefined });
    await register.write('x');
    expect(await next(values)).toBe('x');
    await register.delete();
    expect((await values.next()).value).toEqual({ value: undefined, tag: [2, 'S1'] });
    const last = values.next();
    given.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  test('goes on at another replica; tags only rise', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    const given = new AbortController();
    await register.write('0');
    const values = register.watch({ signal: given.signal });
    const tags: number[] = [];
    for (let i = 0; i < 6; i++) {
      tags.push(((await values.next()).value as RegisterValue).tag![0]);
      // The writer stays: S2 and S3 go away in turn.
      const gone = node(three[1 + (i % 2)]!);
      await gone.hangUp();
      await register.write(String(i + 1));
      await gone.serve();
    }
    given.abort();
    expect(tags).toEqual([...tags].sort((a, b) => a - b));
    expect(new Set(tags).size).toBe(6);
  });

  test('waits for a cluster that is not there yet', async () => {
    const { client, node } = await stand();
    for (const id of three) await node(id).hangUp();
    const values = client().register('one/a').watch();
    const first = values.next();
    for (const id of three) await node(id).serve();
    expect((await first).value).toEqual({ value: undefined, tag: undefined });
    await values.return(undefined);
  });

  test('leaves a replica that is silent', async () => {
    const { stand: it, client, node } = await stand();
    const register = client().register('pair');
    await register.write('x');
    const core = new ClientCore({ servers: it.addresses });
    cores.push(core);
    node('S2').hold();
    const silentFirst = watchRegister(core, 'pair', { doubtMs: 50 });
    expect(await next(silentFirst)).toBe('x');
    node('S2').release();
    // Both watches that follow begin at a replica that speaks; whichever is at the one that falls silent leaves it.
    const [one, other] = [1, 2].map(() => watchRegister(core, 'pair', { doubtMs: 50 }));
    expect([await next(one!), await next(other!)]).toEqual(['x', 'x']);
    node('S3').hold();
    const both = [next(one!), next(other!), next(silentFirst)];
    const written = register.write('y');
    expect(await Promise.all(both)).toEqual(['y', 'y', 'y']);
    await written;
    for (const watch of [silentFirst, one!, other!]) await watch.return(undefined);
  });

  test('of a register that nobody knows throws; one at the wrong server finds the right one', async () => {
    const { client, node } = await stand();
    await expect(client().register('nowhere').watch().next()).rejects.toMatchObject({ code: 'unknown_key' });
    const { layout } = node('S1');
    let asks = 0;
    Object.defineProperty(node('S1'), 'layout', {
      get: () => {
        asks++;
        if (asks > 1) return layout;
        return { ...layout, registers: [{ key: 'pair', writer: 'S1', replicas: ['S1'] }] };
      },
    });
    const values = client().register('pair').watch();
    expect((await values.next()).value).toEqual({ value: undefined, tag: undefined });
    await values.return(undefined);
  });

  test('ends with its signal at once, whatever it waits for', async () => {
    const { client, node } = await stand();
    for (const id of three) await node(id).hangUp();
    const given = new AbortController();
    const waiting = client().register('one/a').watch({ signal: given.signal }).next();
    given.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const never = client().register('one/a').watch({ signal: AbortSignal.abort() });
    expect(await never.next()).toEqual({ done: true, value: undefined });
  });

  test('ends with cancelled when the client is closed', async () => {
    const { client } = await stand();
    const closing = client();
    const values = closing.register('one/a').watch();
    await values.next();
    const waiting = expect(values.next()).rejects.toMatchObject({ code: 'cancelled' });
    closing.close();
    await waiting;
    await expect(closing.register('one/a').watch().next()).rejects.toBeInstanceOf(SynodError);
  });

  test('that is left asks nobody any more', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    for await (const { tag } of register.watch()) {
      expect(tag).toBeUndefined();
      break;
    }
    const before = three.map((id) => asked(node(id), 'read'));
    await register.write('x');
    expect(three.map((id) => asked(node(id), 'read'))).toEqual(before);
  });
});
