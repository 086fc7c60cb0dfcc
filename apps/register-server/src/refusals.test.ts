import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import type { RegisterOperation, TokenOperation } from '@synod/transport/client';
import { abc, Workspace } from './testing/workspace.js';

// One cluster for all: what is refused changes nothing, which is looked at after each refusal.
let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.make();
  await workspace.startAll();
});
afterAll(() => workspace.close());

interface Refusal {
  readonly code: string;
  readonly message: string | RegExp;
}

function matching({ code, message }: Refusal): object {
  const asked = typeof message === 'string' ? message : (expect.stringMatching(message) as unknown);
  return { name: 'SynodError', code, message: asked, definite: true };
}

async function nothingIsStored(): Promise<void> {
  expect(await Promise.all(workspace.ids.map((id) => workspace.keysAt(id)))).toEqual([[], [], []]);
}

function byCall(node: string, operation: TokenOperation): Promise<unknown> {
  const { tokens } = workspace.at(node);
  switch (operation.type) {
    case 'write':
      return tokens.write(operation);
    case 'read':
    case 'drop':
    case 'create':
      return tokens[operation.type](operation.id);
  }
}

function bySession<Operation>(
  session: { submit(operation: Operation, done: (result: object | SynodError) => void): unknown; close(): void },
  operation: Operation,
): Promise<object> {
  return new Promise<object>((resolve) => session.submit(operation, resolve)).finally(() => session.close());
}

const write = (id: string, domain: { low: bigint; mid: bigint; high: bigint } = abc.domain): TokenOperation => ({
  type: 'write',
  id,
  name: 'abc',
  domain,
});
const invalid = (message: string | RegExp): Refusal => ({ code: 'invalid_argument', message });
const unknown = (id: string): Refusal => ({
  code: 'unknown_token',
  message: `no token ${JSON.stringify(id)} is configured`,
});

describe('of a token, with an error of its own, by a call and on a session', () => {
  test.each<[string, string, TokenOperation, Refusal]>([
    [
      'a write at a reader',
      'S2',
      write('101'),
      { code: 'unauthorised', message: 'token "101" is written, created and dropped at S1, not at S2' },
    ],
    [
      'a creation at a reader',
      'S3',
      { type: 'create', id: '101' },
      { code: 'unauthorised', message: 'token "101" is written, created and dropped at S1, not at S3' },
    ],
    [
      'a drop at a reader',
      'S1',
      { type: 'drop', id: '102' },
      { code: 'unauthorised', message: 'token "102" is written, created and dropped at S2, not at S1' },
    ],
    [
      'a read at an outsider',
      'S3',
      { type: 'read', id: '102' },
      { code: 'unauthorised', message: 'token "102" is read at S1, S2, not at S3' },
    ],
    ['an unknown token', 'S1', write('404'), unknown('404')],
    [
      'a token that was never written',
      'S1',
      { type: 'read', id: '101' },
      { code: 'never_written', message: 'token "101" was never written' },
    ],
    ['a token that exists', 'S1', { type: 'create', id: '101' }, { code: 'exists', message: 'token "101" exists' }],
    ['low > mid', 'S1', write('101', { low: 6n, mid: 5n, high: 9n }), invalid(/^domain: .*low <= mid/)],
    ['mid = high', 'S1', write('101', { low: 1n, mid: 9n, high: 9n }), invalid(/^domain: .*mid < high/)],
    ['mid > high', 'S1', write('101', { low: 1n, mid: 9n, high: 8n }), invalid(/^domain: .*mid < high/)],
    [
      'a range beyond the bound',
      'S1',
      write('101', { low: 0n, mid: 1n, high: 10_000_001n }),
      invalid('domain: [0, 10000001) has 10000001 numbers: the range bound is 10000000'),
    ],
    [
      'all numbers there are',
      'S1',
      write('101', { low: 0n, mid: 1n, high: 2n ** 64n - 1n }),
      invalid(/has 18446744073709551615 numbers/),
    ],
    ['an id with a slash', 'S1', write('a/b'), unknown('a/b')],
    ['an id that leads upwards', 'S1', write('../101'), unknown('../101')],
    ['an id that is a property of every object', 'S1', write('__proto__'), unknown('__proto__')],
    ['an id with NUL', 'S1', write('101\0'), invalid('id: holds a control character')],
    ['an id without text', 'S1', write(''), invalid('id: is empty')],
    ['an id of 1 MiB', 'S1', write('1'.repeat(2 ** 20)), invalid('id: has 1048576 bytes: at most 256')],
    [
      'a name of 1 MiB',
      'S1',
      { type: 'write', id: '101', name: 'a'.repeat(2 ** 20), domain: abc.domain },
      invalid('name: has 1048576 bytes: at most 1024'),
    ],
  ])('%s', async (_, node, operation, refusal) => {
    await expect(byCall(node, operation)).rejects.toMatchObject(matching(refusal));
    expect(await bySession(workspace.at(node).tokens.session(), operation)).toMatchObject(matching(refusal));
    await nothingIsStored();
  });
});

describe('of a register, with an error of its own, by a call and on a session', () => {
  const value = Buffer.from('x');

  test.each<[string, string, RegisterOperation, Refusal]>([
    [
      'a write at a reader',
      'S2',
      { type: 'write', key: 'config/a', value },
      { code: 'unauthorised', message: 'S2 may not write "config/a": ask S1' },
    ],
    [
      'a read at an outsider',
      'S3',
      { type: 'read', key: 'token/102' },
      { code: 'unauthorised', message: 'S3 holds no replica of "token/102": ask S1 or S2' },
    ],
    [
      'an unknown register',
      'S1',
      { type: 'read', key: 'nowhere' },
      { code: 'unknown_key', message: 'no register "nowhere" is configured' },
    ],
    [
      'the register of a token, written by other means',
      'S1',
      { type: 'write', key: 'token/101', value },
      invalid('key "token/101" holds token "101": use the token service'),
    ],
    [
      'the register of a token, deleted by other means',
      'S1',
      { type: 'delete', key: 'token/101' },
      invalid('key "token/101" holds token "101": use the token service'),
    ],
    [
      'the register of a token that is not configured',
      'S1',
      { type: 'write', key: 'token/404', value },
      { code: 'unknown_key', message: 'no register "token/404" is configured' },
    ],
    [
      'a key that leads upwards',
      'S1',
      { type: 'write', key: '../config/a', value },
      { code: 'unknown_key', message: 'no register "../config/a" is configured' },
    ],
    [
      'a key that is a property of every object',
      'S1',
      { type: 'write', key: '__proto__', value },
      { code: 'unknown_key', message: 'no register "__proto__" is configured' },
    ],
    [
      'a key with NUL',
      'S1',
      { type: 'write', key: 'shared\0', value },
      { code: 'unknown_key', message: 'no register "shared\\u0000" is configured' },
    ],
    ['a key without text', 'S1', { type: 'write', key: '', value }, invalid('key is empty')],
    [
      'a key of 1 MiB',
      'S1',
      { type: 'write', key: `config/${'a'.repeat(2 ** 20)}`, value },
      invalid('key is longer than 512 characters'),
    ],
    [
      'a value of more than 1 MiB',
      'S1',
      { type: 'write', key: 'config/a', value: Buffer.alloc(2 ** 20 + 1) },
      invalid('value has 1048577 bytes: at most 1048576'),
    ],
  ])('%s', async (_, node, operation, refusal) => {
    const { registers } = workspace.at(node);
    const called =
      operation.type === 'write'
        ? registers.write(operation.key, operation.value)
        : operation.type !== 'consult' && registers[operation.type](operation.key);
    if (called) await expect(called).rejects.toMatchObject(matching(refusal));
    expect(await bySession(registers.session(), operation)).toMatchObject(matching(refusal));
    await nothingIsStored();
  });
});

test('a dropped token is refused to readers and writers alike, and only its tombstone is stored', async () => {
  const own = await Workspace.make();
  try {
    await own.startAll();
    const { tokens } = own.at('S1');
    await tokens.drop('101');
    const dropped = { code: 'dropped', message: 'token "101" was dropped: create it first', definite: true };
    await expect(tokens.write({ id: '101', ...abc })).rejects.toMatchObject(dropped);
    await expect(tokens.drop('101')).rejects.toMatchObject(dropped);
    await expect(own.at('S2').tokens.read('101')).rejects.toMatchObject(dropped);
    expect(await own.at('S1').registers.inspect('token/101')).toMatchObject({ counter: 1, value: undefined });
  } finally {
    await own.close();
  }
});
