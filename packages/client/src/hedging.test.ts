import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { asked, stands, text, three, until } from './testing/stand.js';

const stand = stands(afterEach);

describe('a read that is not answered', () => {
  test('is also sent to the next replica; the first answer wins', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 30, prefer: 'S2' }).register('pair');
    await register.write('x');
    node('S2').hold();
    expect(text((await register.read()).value)).toBe('x');
    expect(asked(node('S2'), 'read')).toBe(1);
    node('S2').release();
  });

  test('goes on to the one after that', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 30, prefer: 'S1' }).register('one/a');
    node('S1').hold();
    node('S2').hold();
    expect(await register.read()).toMatchObject({ tag: undefined });
    expect(three.map((id) => asked(node(id), 'read'))).toEqual([1, 1, 1]);
  });

  test('is asked once of each, and the answer of a slow one still counts', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 20 }).register('one/a');
    for (const id of three) node(id).hold();
    const read = register.read();
    await until(() => three.every((id) => asked(node(id), 'read') === 1));
    node('S1').release();
    expect(await read).toMatchObject({ tag: undefined });
    expect(three.map((id) => asked(node(id), 'read'))).toEqual([1, 1, 1]);
  });

  test('is asked of each anew when all answers are lost', async () => {
    const { client, node } = await stand();
    for (const id of three) node(id).hold();
    const read = client({ hedgeMs: 20 }).register('one/a').read();
    await until(() => three.every((id) => asked(node(id), 'read') === 1));
    // What they were asked so far they never answer.
    for (const id of three) {
      const invoke = node(id).invoke.bind(node(id));
      node(id).invoke = (command, done) => {
        node(id).release();
        invoke(command, done);
      };
    }
    expect(await read).toMatchObject({ tag: undefined });
  });

  test('stays where it is with hedgeMs 0', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 0 }).register('one/a');
    for (const id of three) node(id).hold();
    await expect(register.read({ timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'deadline', definite: true });
    expect(three.reduce((sum, id) => sum + asked(node(id), 'read'), 0)).toBe(1);
  });

  test('a write never goes to two', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 20 }).register('any/a');
    for (const id of three) node(id).hold();
    await expect(register.write('x', { timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'deadline',
      definite: false,
    });
    expect(three.reduce((sum, id) => sum + asked(node(id), 'write'), 0)).toBe(1);
  });

  test('without an answer anywhere it ends at its deadline, definite', async () => {
    const { client, node } = await stand();
    for (const id of three) node(id).hold();
    await expect(client({ hedgeMs: 20 }).register('one/a').read({ timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'deadline',
      definite: true,
      message: 'the read of register "one/a" was not answered in 1500 ms',
    });
  });
});

describe('a silent server', () => {
  test('costs one read its time, not every read', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 100, prefer: 'S2' }).register('one/a');
    node('S2').hold();
    await register.read();
    const hedged = asked(node('S2'), 'read');
    expect(hedged).toBe(1);
    const reads = Array.from({ length: 50 }, () => register.read());
    await Promise.all(reads);
    // Nothing but a probe that nobody waits for.
    expect(asked(node('S2'), 'read')).toBeLessThanOrEqual(hedged + 1);
  });

  test('is asked like the others again as soon as it answers anything', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 50, prefer: 'S2' }).register('pair');
    node('S2').hold();
    const written = register.write('x');
    await register.read();
    const before = asked(node('S2'), 'read');
    await register.read();
    // Nothing but a probe, on a machine that is slow.
    expect(asked(node('S2'), 'read')).toBeLessThanOrEqual(before + 1);
    node('S2').release();
    await written;
    const released = asked(node('S2'), 'read');
    await register.read();
    await register.read();
    expect(asked(node('S2'), 'read')).toBe(released + 2);
  });

  test('lets no read of many wait', async () => {
    const { client, node } = await stand();
    const { registers } = client({ hedgeMs: 100, prefer: 'S3' });
    node('S3').hold();
    const read = await registers.readMany(
      Array.from({ length: 1_500 }, (_, i) => `one/${i}`),
      { timeoutMs: 10_000 },
    );
    expect(read.filter((it) => it instanceof SynodError)).toEqual([]);
  });
});

test('all reads leave a server that is silent for one that is not', async () => {
  const { client, node } = await stand();
  const { registers } = client({ hedgeMs: 50, prefer: 'S2' });
  await registers.readMany(['pair', 'pair']);
  node('S2').hold();
  const before = asked(node('S3'), 'read');
  // S3 answers some of what it gets in place of S2 at once, and the rest when that is all there.
  const invoke = node('S3').invoke.bind(node('S3'));
  node('S3').invoke = (command, done) => {
    if (asked(node('S3'), 'read') - before === 150) node('S3').hold();
    invoke(command, done);
  };
  const read = registers.readMany(Array.from({ length: 300 }, () => 'pair'));
  await until(() => asked(node('S3'), 'read') - before === 300);
  node('S3').release();
  expect((await read).filter((it) => it instanceof SynodError)).toEqual([]);
});

test('a cluster that is silent as a whole is asked everything once of each server, and no more', async () => {
  const { client, node } = await stand();
  const { registers } = client({ hedgeMs: 100 });
  for (const id of three) node(id).hold();
  await registers.readMany(
    Array.from({ length: 600 }, (_, i) => `one/${i}`),
    { timeoutMs: 1_500 },
  );
  expect(three.reduce((sum, id) => sum + asked(node(id), 'read'), 0)).toBeLessThanOrEqual(3 * 600);
});

test('a server that answers others gets no flood of second tries', async () => {
  const { client, node } = await stand();
  const { registers } = client({ hedgeMs: 150 });
  // Each node answers some, and lets all others wait.
  for (const id of three) {
    const invoke = node(id).invoke.bind(node(id));
    node(id).invoke = (command, done) =>
      invoke(command, command.type === 'read' && command.key.startsWith('one/slow') ? () => undefined : done);
  }
  const lively = new AbortController();
  const busy = (async () => {
    while (!lively.signal.aborted) await registers.readMany(['one/quick', 'one/quick', 'one/quick']);
  })();
  const slow = await registers.readMany(
    Array.from({ length: 1_000 }, (_, i) => `one/slow${i}`),
    { timeoutMs: 700 },
  );
  lively.abort();
  await busy;
  expect(slow.every((it) => it instanceof SynodError && it.code === 'deadline')).toBe(true);
  const slowReads = three.flatMap((id) => node(id).commands).filter((it) => 'key' in it && it.key.includes('slow'));
  expect(slowReads.length).toBeLessThan(1_500);
});

test('options that can never work are refused at once', async () => {
  const { client } = await stand();
  expect(() => client({ hedgeMs: -1 })).toThrow('hedgeMs: 0 or more, not -1');
  expect(() => client({ hedgeMs: NaN })).toThrow('hedgeMs: 0 or more, not NaN');
});
