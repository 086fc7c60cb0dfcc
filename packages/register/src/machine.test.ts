import { describe, expect, test } from '@jest/globals';
import { noMark } from './configuration.js';
import { registerMachine } from './machine.js';
import type { RegisterMessage } from './messages.js';
import type { RegisterOptions, Replication } from './options.js';
import type { RegisterCommand, RegisterResult, ReplicaReply } from './protocol.js';
import { life, LoneNode } from './testing/lone-node.js';
import { bytes } from './testing/notation.js';

const members = ['S1', 'S2', 'S3'];
const everywhere: Replication = { writer: 'any', replicas: members };

function node(options: Partial<RegisterOptions> = {}): LoneNode {
  return new LoneNode({ self: 'S1', members, replicaSetOf: () => everywhere, ...options }).beKnown();
}

function ask(lone: LoneNode, command: RegisterCommand): RegisterResult | undefined {
  return lone.answers.get(lone.invoke(command));
}

/** S2 writes a cell here. */
function receive(lone: LoneNode, key: string, value: string, counter = 1): void {
  const cell = { counter, writer: 'S2', incarnation: life(2), value: bytes(value) };
  lone.deliver('S2', { type: 'write', incarnation: life(2), mark: noMark, items: [{ number: 1, key, cell }] });
}

/** S2 holds nothing of what was asked last. */
function holdNothing(lone: LoneNode): void {
  const { incarnation, items } = lone.last('read');
  lone.deliver('S2', { type: 'value', incarnation, items: items.map((item) => ({ ...item, cell: undefined })) });
}

describe('what can never succeed is refused at once', () => {
  test.each<[string, RegisterCommand, string]>([
    ['an empty key', { type: 'read', key: '' }, 'invalid_argument'],
    ['a key too long', { type: 'read', key: 'x'.repeat(513) }, 'invalid_argument'],
    ['a key that is no text', { type: 'read', key: '\ud800' }, 'invalid_argument'],
    ['a key that was no text', { type: 'read', key: 'a\ufffd' }, 'invalid_argument'],
    ['a value too long', { type: 'write', key: 'a', value: new Uint8Array(1_048_577) }, 'invalid_argument'],
    ['a position below 0', { type: 'cells', from: -1, limit: 1 }, 'invalid_argument'],
    ['an empty page', { type: 'cells', from: 0, limit: 0 }, 'invalid_argument'],
  ])('%s', (_, command, code) => {
    expect(ask(node(), command)).toMatchObject({ type: 'error', error: { code, definite: true } });
  });

  test.each<[string, Partial<RegisterOptions>]>([
    ['self', { self: 'S9' }],
    ['members', { members: ['S1', 'S1'] }],
    ['members', { members: ['S1', 'any'] }],
  ])('a wrong %s', (option, options) => {
    const all = { self: 'S1', members, replicaSetOf: () => everywhere, random: () => 0, ...options };
    expect(() => registerMachine(all)).toThrow(expect.objectContaining({ code: 'config' }));
    expect(() => registerMachine(all)).toThrow(`${option}: `);
  });

  test('a replica that is no member', () => {
    const stranger = node({ replicaSetOf: () => ({ writer: 'S1', replicas: ['S7'] }) });
    expect(() => ask(stranger, { type: 'read', key: 'a' })).toThrow(
      expect.objectContaining({ code: 'config', message: 'members: S7, a replica of "a", is not among them' }),
    );
  });
});

describe('the replica set', () => {
  test('is that of writer and readers, each node once, in natural order', () => {
    const lone = node({
      members: ['S1', 'S2', 'S10'],
      replicaSetOf: () => ({ writer: 'S1', replicas: ['S10', 'S2', 'S2'] }),
    });
    ask(lone, { type: 'read', key: 'a' });
    expect(lone.sent.map(({ to }) => to)).toEqual(['S2', 'S10']);
  });

  test('is kept with the register: a configuration that differs refuses to start', () => {
    let replication: Replication | undefined = everywhere;
    const lone = node({ replicaSetOf: () => replication });
    receive(lone, 'a', 'x');
    replication = { writer: 'any', replicas: ['S3', 'S2', 'S1'] };
    lone.restart();
    expect(ask(lone, { type: 'inspect', key: 'a' })).toMatchObject({ cell: { counter: 1 } });
    for (const other of [{ writer: 'S1', replicas: members }, { writer: 'any', replicas: ['S1', 'S2'] }, undefined]) {
      replication = other;
      lone.restart();
      expect(() => ask(lone, { type: 'status' })).toThrow(expect.objectContaining({ code: 'config' }));
      lone.restart();
      expect(() => ask(lone, { type: 'status' })).toThrow('key "a" has ');
    }
  });
});

describe('inspection', () => {
  test('pages through the cells of this node, tombstones included', () => {
    const lone = node({ limits: { pageCells: 2, pageBytes: 10 } });
    receive(lone, 'a', 'x');
    receive(lone, 'b', 'long enough for a page');
    receive(lone, 'c', 'y');
    receive(lone, 'a', 'z', 2);
    const pages = [0, 1, 2].map((from) => ask(lone, { type: 'cells', from, limit: 5 }));
    expect(pages).toMatchObject([
      { cells: [{ key: 'a', cell: { counter: 2, value: bytes('z') } }], next: 1 },
      { cells: [{ key: 'b' }], next: 2 },
      { cells: [{ key: 'c' }], next: undefined },
    ]);
  });

  test('tells who knows whom', () => {
    const lone = node();
    lone.step({ kind: 'link', peer: 'S3', up: true });
    lone.deliver('S3', { type: 'introduce', identity: life(3), replaces: undefined });
    ask(lone, { type: 'read', key: 'a' });
    expect(ask(lone, { type: 'status' })).toEqual({
      type: 'status',
      status: {
        node: 'S1',
        incarnation: life(1),
        identity: life(0),
        standing: 'member',
        replacements: [],
        cells: 0,
        active: 1,
        peers: [
          { node: 'S2', linked: false, identity: undefined, knowsThis: true },
          { node: 'S3', linked: true, identity: life(3), knowsThis: true },
        ],
      },
    });
  });
});

describe('who reads by himself is told', () => {
  const consult = (lone: LoneNode, keys = ['a'], timestampOnly = false): readonly (ReplicaReply | undefined)[] => {
    const answer = ask(lone, { type: 'consult', keys, timestampOnly });
    return answer?.type === 'consulted' ? answer.replies : [];
  };

  test('what this replica holds, or when that was written', () => {
    const lone = node();
    receive(lone, 'a', 'x', 7);
    const timestamp = { counter: 7, writer: 'S2', incarnation: life(2) };
    expect(consult(lone, ['b', 'a'])).toMatchObject([
      { timestamp: undefined, value: undefined, replicas: 3 },
      { timestamp, value: bytes('x'), replicas: 3 },
    ]);
    expect(consult(lone, ['a', 'b'], true)).toMatchObject([
      { timestamp, value: undefined },
      { timestamp: undefined, value: undefined },
    ]);
  });

  test('nothing by who holds no replica, or takes no part', () => {
    const other = node({ replicaSetOf: () => ({ writer: 'S2', replicas: ['S2', 'S3'] }) });
    expect(consult(other)).toEqual([undefined]);
    const stranger = new LoneNode({ self: 'S1', members, replicaSetOf: () => everywhere });
    expect(consult(stranger)).toEqual([undefined]);
  });

  test('nothing of what can not be, or is not configured', () => {
    const lone = node({ replicaSetOf: (key) => (key === 'nowhere' ? undefined : everywhere) });
    const replies = consult(lone, ['', 'x'.repeat(513), '\ud800', 'nowhere', 'a']);
    expect(replies.map((reply) => reply?.replicas)).toEqual([undefined, undefined, undefined, undefined, 3]);
  });

  test('at least one value, and as many as one answer may hold', () => {
    const lone = node({ limits: { pageCells: 1, pageBytes: 10 } });
    receive(lone, 'a', 'longer than that');
    receive(lone, 'b', 'y');
    receive(lone, 'c', 'z'.repeat(9));
    const values = (...keys: string[]): unknown[] => consult(lone, keys).map((reply) => reply?.value?.length);
    expect(values('a', 'b')).toEqual([16, undefined]);
    expect(values('b', 'c', 'b')).toEqual([1, 9, undefined]);
    expect(consult(lone, ['a', 'b'], true)).toMatchObject([{ replicas: 3 }, { replicas: 3 }]);
  });

  test('of which replicas and disks: all say the same of the same ones, and of no others', () => {
    const basisOf = (lone: LoneNode): string => consult(lone)[0]?.basis ?? 'none';
    const lone = node();
    const basis = basisOf(lone);
    expect(basis).toMatch(/^[0-9a-f]{16}$/);
    expect(basisOf(node({ self: 'S2' }))).toBe(basis);
    expect(basisOf(node({ replicaSetOf: () => ({ writer: 'S1', replicas: ['S3', 'S2'] }) }))).toBe(basis);
    expect(basisOf(node({ replicaSetOf: () => ({ writer: 'any', replicas: ['S1', 'S2'] }) }))).not.toBe(basis);
    const replacement = { node: 'S3', version: 1, disk: life(9), address: 'host:1', done: true };
    lone.deliver('S2', { type: 'configuration', replacements: [replacement] });
    expect(basisOf(lone)).toMatch(/^[0-9a-f]{16}$/);
    expect(basisOf(lone)).not.toBe(basis);
  });
});

describe('a list is as long as a message may be', () => {
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const limits = { pageCells: 3, pageBytes: 10 };
  const reads = keys.map((key, i) => ({ kind: 'invoke', id: i, command: { type: 'read', key } }) as const);
  const itemsTo = (lone: LoneNode, node: string, kind: RegisterMessage['type']): string[] =>
    lone.sent
      .filter(({ to, message }) => to === node && message.type === kind)
      .map(({ message }) => ('items' in message ? message.items.map(({ key }) => key).join(' ') : ''));

  test('in questions', () => {
    const lone = node({ limits });
    lone.turn(reads);
    expect(itemsTo(lone, 'S2', 'read')).toEqual(['a b c', 'd e']);
    expect(itemsTo(lone, 'S3', 'read')).toEqual(['a b c', 'd e']);
  });

  test('in bytes of values, and at least one', () => {
    const lone = node({ limits });
    for (const [i, length] of [4, 6, 1, 25, 2].entries()) receive(lone, keys[i]!, 'x'.repeat(length));
    const items = keys.map((key, i) => ({ number: i + 1, key }));
    lone.deliver('S2', { type: 'read', incarnation: life(2), mark: noMark, items });
    expect(itemsTo(lone, 'S2', 'value')).toEqual(['a b', 'c', 'd', 'e']);
    lone.turn(reads);
    holdNothing(lone);
    expect(itemsTo(lone, 'S3', 'write')).toEqual(['d', 'e']); // it was asked about them last
  });
});

describe('operations', () => {
  test('a value belongs to the register from the call on, whatever its owner does with the bytes', () => {
    const lone = node();
    const value = bytes('x');
    lone.invoke({ type: 'write', key: 'a', value });
    value.fill(0);
    holdNothing(lone);
    expect(lone.last('write').items.map(({ cell }) => cell.value)).toEqual([bytes('x')]);
  });

  test('those on one register that one turn brings are one round, each with a timestamp of its own', () => {
    const lone = node({ replicaSetOf: () => ({ writer: 'S1', replicas: members }) });
    const writes = ['1', '2', '3'].map((text) => ({ type: 'write', key: 'a', value: bytes(text) }) as const);
    lone.turn(writes.map((command, id) => ({ kind: 'invoke', id, command })));
    holdNothing(lone);
    const { incarnation, items } = lone.last('write');
    expect(items.map(({ cell }) => [cell.counter, cell.value])).toEqual([[3, bytes('3')]]);
    lone.deliver('S2', { type: 'ack', incarnation, items });
    expect([0, 1, 2].map((id) => lone.answers.get(id))).toEqual(
      [1, 2, 3].map((counter) => ({ type: 'written', tag: [counter, 'S1'] })),
    );
  });

  test('a write that must stand alone is combined with none', () => {
    const lone = node({ replicaSetOf: () => ({ writer: 'S1', replicas: members }) });
    const writes = ['1', '2', '3', '4'].map((text) => ({ type: 'write' as const, key: 'a', value: bytes(text) }));
    for (const [i, write] of writes.entries()) lone.invoke({ ...write, alone: i === 2 });
    holdNothing(lone);
    const imposed: string[] = [];
    for (let i = 0; i < writes.length; i++) {
      const { incarnation, items } = lone.last('write');
      imposed.push(...items.map(({ cell }) => `${cell.counter}`));
      lone.deliver('S2', { type: 'ack', incarnation, items });
    }
    expect(imposed).toEqual(['1', '2', '3', '4']);
  });

  test('wait for a node that does not take part yet, and then say so', () => {
    const lone = new LoneNode({ self: 'S1', members, replicaSetOf: () => everywhere });
    const id = lone.invoke({ type: 'write', key: 'a', value: bytes('x') });
    lone.wait(2100);
    expect(lone.answers.get(id)).toMatchObject({ type: 'error', error: { code: 'not_ready', definite: true } });
  });

  test('an idle node wants no wake', () => {
    const lone = node();
    const id = lone.invoke({ type: 'read', key: 'a' });
    holdNothing(lone);
    expect(lone.answers.has(id)).toBe(true);
    lone.wait(1_000_000);
    expect(lone.sent.length).toBe(2);
  });
});
