import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { RegisterResult } from '@synod/register';
import { RegisterServiceService as methods } from '../gen/synod/register/v1/register_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { until } from '../testing/until.js';
import { RegisterConnection } from './register-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S10'];
const registers = [
  { key: 'free/*', writer: 'any', replicas: nodes },
  { key: 'owned', writer: 'S1', replicas: ['S1', 'S2'] },
];
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

let stand: RegisterStand;
beforeEach(async () => {
  stand = opened(await RegisterStand.serve({ nodes, registers, services: { maxOperationsInFlight: 2 } }));
});
const connect = (id: string): RegisterConnection => opened(new RegisterConnection(stand.node(id).address));

describe('every call reaches the machine whole, and its answer comes back whole', () => {
  test('write and read', async () => {
    const s1 = connect('S1');
    const value = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(await s1.write('free/ünïcode 🗝', value)).toEqual([1, 'S1']);
    expect(await connect('S10').read('free/ünïcode 🗝')).toEqual({ value: Buffer.from(value), tag: [1, 'S1'] });
    expect(stand.node('S1').commands).toEqual([{ type: 'write', key: 'free/ünïcode 🗝', value: Buffer.from(value) }]);
    expect(stand.node('S10').commands).toEqual([{ type: 'read', key: 'free/ünïcode 🗝' }]);
  });

  test('never written, empty and deleted are three things', async () => {
    const s1 = connect('S1');
    expect(await s1.read('free/x')).toEqual({ value: undefined, tag: undefined });
    await s1.write('free/x', new Uint8Array());
    expect(await s1.read('free/x')).toEqual({ value: Buffer.alloc(0), tag: [1, 'S1'] });
    expect(await s1.delete('free/x')).toEqual([2, 'S1']);
    expect(await s1.read('free/x')).toEqual({ value: undefined, tag: [2, 'S1'] });
    expect(stand.node('S1').commands.at(-2)).toEqual({ type: 'delete', key: 'free/x' });
  });

  test('inspect tells what this very node holds', async () => {
    const s1 = connect('S1');
    expect(await s1.inspect('owned')).toBeUndefined();
    await s1.write('owned', bytes('v'));
    const cell = await s1.inspect('owned');
    expect(cell).toEqual({
      counter: 1,
      writer: 'S1',
      incarnation: expect.stringMatching(/^[0-9a-f]{16}$/),
      value: bytes('v'),
    });
    await s1.delete('owned');
    expect(await s1.inspect('owned')).toEqual({ ...cell, counter: 2, value: undefined });
  });

  test('an incarnation keeps its leading zeros', async () => {
    const incarnation = '000000000000000f';
    answerWith('S1', { type: 'cell', cell: { counter: 1, writer: 'S1', incarnation, value: undefined } });
    expect(await connect('S1').inspect('owned')).toMatchObject({ incarnation });
  });
});

describe('what the machine refuses comes back with its code, its words and its certainty', () => {
  test('another writer, with the name of the right one', async () => {
    await expect(connect('S2').write('owned', bytes('v'))).rejects.toMatchObject({
      code: 'unauthorised',
      message: 'S2 may not write "owned": ask S1',
      definite: true,
    });
    await expect(connect('S2').delete('owned')).rejects.toMatchObject({ code: 'unauthorised', definite: true });
  });

  test('a node without a replica', async () => {
    const refused = { code: 'unauthorised', message: 'S10 holds no replica of "owned": ask S1 or S2' };
    await expect(connect('S10').read('owned')).rejects.toMatchObject(refused);
    await expect(connect('S10').inspect('owned')).rejects.toMatchObject(refused);
  });

  test('a register that nobody configured', async () => {
    const refused = { code: 'unknown_key', message: 'no register "other" is configured', definite: true };
    for (const call of ['read', 'delete', 'inspect'] as const) {
      await expect(connect('S1')[call]('other')).rejects.toMatchObject(refused);
    }
    await expect(connect('S1').write('other', bytes('v'))).rejects.toMatchObject(refused);
  });

  test.each(['no_quorum', 'not_ready', 'unavailable'] as const)(
    '%s: of a write unknown, of a read definite',
    async (code) => {
      const error = new SynodError(code, 'only S1 answered', { definite: false });
      answerWith('S1', { type: 'error', error });
      const expected = { code, message: 'only S1 answered', definite: false };
      await expect(connect('S1').write('owned', bytes('v'))).rejects.toMatchObject(expected);
      await expect(connect('S1').delete('owned')).rejects.toMatchObject(expected);
      await expect(connect('S1').read('owned')).rejects.toMatchObject({ ...expected, definite: true });
      await expect(connect('S1').inspect('owned')).rejects.toMatchObject({ ...expected, definite: true });
    },
  );

  test('for a client that knows only gRPC, as a status and two texts', async () => {
    const raw = opened(new RawCalls(stand.node('S2').address));
    const failure = await raw.failure(methods.write, { key: 'owned', value: Buffer.from('v') });
    expect(failure).toEqual({
      status: status.PERMISSION_DENIED,
      details: 'S2 may not write "owned": ask S1',
      code: 'unauthorised',
      definite: 'true',
    });
  });

  test('a server that stops', async () => {
    const s1 = stand.node('S1');
    s1.invoke = () => {
      throw new SynodError('unavailable', 'S1 is stopping');
    };
    for (const call of [
      connect('S1').read('owned'),
      connect('S1').write('owned', bytes('v')),
      connect('S1').inspect('owned'),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'unavailable', message: 'S1 is stopping', definite: true });
    }
  });
});

test('above the limit of operations under way new ones are refused, below it they enter again', async () => {
  const [s1, calls] = [stand.node('S1'), connect('S1')];
  s1.hold();
  const under = [calls.read('owned'), calls.write('owned', bytes('v'))];
  await until(() => s1.commands.length === 2);
  await expect(calls.read('owned')).rejects.toMatchObject({ code: 'resource_exhausted', definite: true });
  s1.release();
  await Promise.all(under);
  expect(await calls.read('owned')).toMatchObject({ tag: [1, 'S1'] });
  expect(s1.commands).toHaveLength(3);
});

describe('giving up', () => {
  test('at the deadline a write may have happened, a reading did not', async () => {
    const [s1, calls] = [stand.node('S1'), connect('S1')];
    await calls.layout(); // connects
    s1.hold();
    await expect(calls.write('owned', bytes('v'), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'deadline',
      definite: false,
    });
    await expect(calls.read('owned', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'deadline', definite: true });
    expect(s1.commands).toHaveLength(2);
  });

  test('what was given up still counts as under way until the machine has answered it', async () => {
    const s1 = stand.node('S1');
    s1.hold();
    const given = new AbortController();
    const calls = connect('S1');
    const two = [1, 2].map(() => calls.read('owned', { signal: given.signal }).catch(({ code }: SynodError) => code));
    await until(() => s1.commands.length === 2);
    given.abort();
    expect(await Promise.all(two)).toEqual(['cancelled', 'cancelled']);
    await expect(calls.read('owned')).rejects.toMatchObject({ code: 'resource_exhausted' });
    s1.release();
    expect(await calls.read('owned')).toMatchObject({ tag: undefined });
  });
});

/** From now on a node answers everything with this. */
function answerWith(id: string, result: RegisterResult): void {
  const node: StandNode = stand.node(id);
  node.invoke = (_command, done) => void setImmediate(done, result);
}
