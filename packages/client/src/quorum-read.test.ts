import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from './index.js';
import { asked, stands, text, three, until } from './testing/stand.js';

const stand = stands(afterEach);
const readFrom = 'replicas';

/** How often each of three was asked for its part in a read, and how often to read. */
function questions(node: (id: string) => Parameters<typeof asked>[0]): [consulted: number[], read: number[]] {
  return [three.map((id) => asked(node(id), 'consult')), three.map((id) => asked(node(id), 'read'))];
}

describe('a client that reads from the replicas', () => {
  test('asks a majority itself, and one of it for the value', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom, prefer: 'S2' }).register('any/a');
    const { tag } = await register.write('x');
    expect(await register.read()).toEqual({ value: Buffer.from('x'), tag });
    expect(questions(node)).toEqual([
      [0, 1, 1],
      [0, 0, 0],
    ]);
    const flags = ['S2', 'S3'].map((id) => node(id).commands.find(({ type }) => type === 'consult'));
    expect(flags).toMatchObject([{ timestampOnly: false }, { timestampOnly: true }]);
  });

  test('knows deleted and never written registers', async () => {
    const { client, node } = await stand();
    const own = client({ readFrom });
    await own.register('any/a').write('x');
    const { tag } = await own.register('any/a').delete();
    expect(await own.register('any/a').read()).toEqual({ value: undefined, tag });
    expect(await own.register('any/never').read()).toEqual({ value: undefined, tag: undefined });
    expect(questions(node)[1]).toEqual([0, 0, 0]);
  });

  test('where replicas hold different values lets one of them read, so that a majority holds what it returns', async () => {
    const { stand: nodes, client, node } = await stand();
    const own = client({ readFrom, prefer: 'S3' });
    await own.register('one/a').write('old');
    nodes.isolate('S3', true);
    await client({ prefer: 'S1' }).register('one/a').write('new');
    nodes.isolate('S3', false);
    expect(text((await own.register('one/a').read()).value)).toBe('new');
    expect(questions(node)).toEqual([
      [1, 0, 1],
      [0, 0, 1],
    ]);
    expect(text((await own.register('one/a').read()).value)).toBe('new');
    expect(questions(node)).toEqual([
      [2, 0, 2],
      [0, 0, 1],
    ]);
  });

  test('goes on without one that does not answer, and asks others from then on', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom, prefer: 'S1', hedgeMs: 500 }).register('any/a');
    await register.write('x');
    node('S2').hold();
    expect(text((await register.read()).value)).toBe('x');
    expect(asked(node('S2'), 'consult')).toBe(1);
    for (let i = 0; i < 3; i++) expect(text((await register.read()).value)).toBe('x');
    expect(asked(node('S2'), 'consult')).toBe(1);
    expect(asked(node('S3'), 'consult')).toBe(3);
    node('S2').release();
  });

  test('goes on without one that is away', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom, prefer: 'S1', hedgeMs: 500 }).register('any/a');
    await register.write('x');
    await register.read();
    await node('S2').hangUp();
    for (let i = 0; i < 5; i++) expect(text((await register.read()).value)).toBe('x');
  });

  test('takes the word of two that hold a register of two', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom }).register('pair');
    await register.write('x');
    expect(text((await register.read()).value)).toBe('x');
    expect(questions(node)).toEqual([
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  test('reads many, each by itself', async () => {
    const { client } = await stand();
    const own = client({ readFrom });
    await own.registers.writeMany(three.map((name) => ({ key: `any/${name}`, value: name })));
    const results = await own.registers.readMany(['any/S1', 'nowhere', 'any/S3', '']);
    expect(results).toMatchObject([
      { value: Buffer.from('S1') },
      { code: 'unknown_key' },
      { value: Buffer.from('S3') },
      { code: 'invalid_argument' },
    ]);
  });

  test('asks each replica once about all that is read in one moment where the same may read', async () => {
    const { client, node } = await stand();
    const own = client({ readFrom, prefer: 'S1' });
    await own.register('any/a').write('x');
    await Promise.all([own.register('any/a').read(), own.register('any/b').read(), own.register('one/a').read()]);
    const lists = three.map((id) => node(id).commands.flatMap((one) => (one.type === 'consult' ? [one.keys] : [])));
    const all = ['any/a', 'any/b', 'one/a'];
    expect(lists).toEqual([[all], [all], []]);
  });

  test('is told at its deadline that nobody answered', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom, hedgeMs: 0 }).register('any/a');
    await register.write('x');
    for (const id of three) node(id).hold();
    await expect(register.read({ timeoutMs: 300 })).rejects.toMatchObject({
      code: 'deadline',
      definite: true,
      message: 'the read of register "any/a" was not answered in 300 ms',
    });
  });

  test('has a deadline of its own among the reads of one moment, whoever of them gave up', async () => {
    const { client, node } = await stand();
    const own = client({ readFrom, hedgeMs: 0 });
    await own.register('any/a').write('x');
    for (const id of three) node(id).hold();
    const giveUp = new AbortController();
    const reads = [
      own.register('any/a').read({ signal: giveUp.signal }),
      own.register('any/b').read({ timeoutMs: 400 }),
      own.register('any/c').read({ timeoutMs: 100 }),
      own.register('any/d').read({ timeoutMs: 200 }),
    ];
    giveUp.abort();
    const ends: string[] = [];
    const note = ({ message }: Error): number => ends.push(message);
    await Promise.all(reads.map((read) => read.catch(note)));
    const late = (key: string, ms: number): string => `the read of register "any/${key}" was not answered in ${ms} ms`;
    expect(ends).toEqual(['the caller gave up', late('c', 100), late('d', 200), late('b', 400)]);
  });

  test('can give up, before and after a replica was asked to read', async () => {
    const { client, node } = await stand();
    const register = client({ readFrom, hedgeMs: 20, prefer: 'S1' }).register('any/a');
    await register.write('x');
    for (const id of three) node(id).hold();
    const giveUp = new AbortController();
    const early = new AbortController();
    const read = register.read({ signal: giveUp.signal });
    const cancelled = register.read({ signal: early.signal });
    early.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled', definite: true });
    await until(() => three.some((id) => asked(node(id), 'read') > 0));
    giveUp.abort();
    await expect(read).rejects.toMatchObject({ code: 'cancelled', definite: true });
  });
});

test('a source of reads that there is not is refused', () => {
  const options = { servers: ['127.0.0.1:1'], readFrom: 'quorum' as 'replicas' };
  expect(() => connect(options)).toThrow(
    expect.objectContaining({ code: 'invalid_argument', message: 'readFrom: server or replicas, not quorum' }),
  );
});
