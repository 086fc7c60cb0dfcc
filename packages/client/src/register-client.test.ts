import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { asked, stands, text, three } from './testing/stand.js';

const stand = stands(afterEach);

describe('a register', () => {
  test('is empty, then holds what was written, then was deleted; tags tell', async () => {
    const { client } = await stand();
    const register = client().register('one/a');
    expect(await register.read()).toEqual({ value: undefined, tag: undefined });
    expect(await register.write('hello')).toEqual({ tag: [1, 'S1'] });
    const { value, tag } = await register.read();
    expect([text(value), tag]).toEqual(['hello', [1, 'S1']]);
    expect(await register.delete()).toEqual({ tag: [2, 'S1'] });
    expect(await register.read()).toEqual({ value: undefined, tag: [2, 'S1'] });
  });

  test('holds bytes as they are, and text as UTF-8', async () => {
    const { client } = await stand();
    const register = client().register('one/a');
    await register.write(Uint8Array.of(0, 255, 128));
    expect([...(await register.read()).value!]).toEqual([0, 255, 128]);
    await register.write('Grüße');
    expect(text((await register.read()).value)).toBe('Grüße');
    await register.write('');
    expect((await register.read()).value).toHaveLength(0);
  });

  test('refuses text that no bytes stand for, before anything is sent', async () => {
    const { client, node } = await stand();
    await expect(client().register('one/a').write('half \uD800')).rejects.toMatchObject({
      code: 'invalid_argument',
      definite: true,
      message: 'value: text is not well-formed Unicode; give bytes',
    });
    expect(asked(node('S1'), 'write')).toBe(0);
  });

  test.each(['', 'x'.repeat(513), 'one/' + 'x'.repeat(509), 'one/\uFFFD'])('refuses the key %j', async (key) => {
    const { client } = await stand();
    await expect(client().register(key).read()).rejects.toMatchObject({ code: 'invalid_argument', definite: true });
  });

  test('refuses a timeout that is none', async () => {
    const { client } = await stand();
    await expect(client().register('one/a').read({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('many at once', () => {
  test('are answered one by one, in order, errors too', async () => {
    const { client } = await stand();
    const { registers } = client();
    const written = await registers.writeMany([
      { key: 'one/a', value: 'A' },
      { key: 'nowhere', value: 'N' },
      { key: 'pair', value: Uint8Array.of(7) },
      { key: 'one/b', value: '\uDC00' },
      { key: 'any/c', value: 'C' },
    ]);
    expect(written).toMatchObject([
      { tag: [1, 'S1'] },
      { code: 'unknown_key', message: 'no register "nowhere" is configured', definite: true },
      { tag: [1, 'S2'] },
      { code: 'invalid_argument', definite: true },
      { tag: [1, expect.stringMatching(/^S[123]$/)] },
    ]);
    const read = await registers.readMany(['one/a', 'nowhere', 'pair', 'one/b', 'any/c']);
    expect(read.map((it) => (it instanceof SynodError ? it.code : text(it.value)))).toEqual([
      'A',
      'unknown_key',
      '\u0007',
      undefined,
      'C',
    ]);
    expect(await registers.readMany([])).toEqual([]);
    expect(await registers.writeMany([])).toEqual([]);
  });

  test('a thousand of them', async () => {
    const { client } = await stand();
    const { registers } = client();
    const writes = Array.from({ length: 1_000 }, (_, i) => ({ key: `any/${i}`, value: String(i) }));
    const written = await registers.writeMany(writes);
    expect(written.filter((it) => it instanceof SynodError)).toEqual([]);
    const read = await registers.readMany(writes.map(({ key }) => key));
    expect(read.map((it) => 'value' in it && text(it.value))).toEqual(writes.map(({ value }) => value));
  });
});

describe('where operations go', () => {
  test('writes to the writer, reads to the replica that is preferred', async () => {
    const { client, node } = await stand();
    const register = client({ prefer: 'S3' }).register('one/a');
    for (let i = 0; i < 6; i++) {
      await register.write(String(i));
      expect(text((await register.read()).value)).toBe(String(i));
    }
    expect(three.map((id) => asked(node(id), 'write'))).toEqual([6, 0, 0]);
    expect(three.map((id) => asked(node(id), 'read'))).toEqual([0, 0, 6]);
  });

  test('where several may, each client keeps to one of them, many clients to all', async () => {
    const { client, node } = await stand();
    const clients = Array.from({ length: 30 }, () => client());
    for (const { registers } of clients) {
      const before = three.map((id) => asked(node(id), 'write') + asked(node(id), 'read'));
      await registers.writeMany(Array.from({ length: 20 }, (_, i) => ({ key: `any/${i % 7}`, value: 'x' })));
      await registers.readMany(Array.from({ length: 20 }, (_, i) => `any/${i}`));
      const after = three.map((id) => asked(node(id), 'write') + asked(node(id), 'read'));
      expect(after.map((count, i) => count - before[i]!).sort()).toEqual([0, 0, 40]);
    }
    // All thirty at the same two of three: less than once in a hundred thousand runs.
    for (const id of three) expect(asked(node(id), 'write')).toBeGreaterThan(0);
  });

  test('who prefers a server that may not has another asked', async () => {
    const { client, node } = await stand();
    await client({ prefer: 'S3' }).register('one/a').write('x');
    expect(three.map((id) => asked(node(id), 'write'))).toEqual([1, 0, 0]);
  });

  test('what one turn asks for travels in one frame', async () => {
    const { client, node } = await stand();
    const one = client();
    await one.register('one/a').write('x');
    let turn = 0;
    const turns = new Set<number>();
    const invoke = node('S1').invoke.bind(node('S1'));
    node('S1').invoke = (command, done) => {
      turns.add(turn);
      invoke(command, done);
    };
    let next = setImmediate(function tick() {
      turn++;
      next = setImmediate(tick);
    });
    await Promise.all([
      ...Array.from({ length: 100 }, (_, i) => one.register(`one/${i}`).write('x')),
      one.registers.writeMany(Array.from({ length: 100 }, (_, i) => ({ key: `one/${i}`, value: 'y' }))),
    ]);
    clearImmediate(next);
    expect(turns.size).toBe(1);
  });
});
