import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryNetwork, MemoryStorage, NodeLoop, systemClock } from '@synod/kernel';
import { registerMachine, type RegisterMessage, type RegisterProtocol, type RegisterResult } from '@synod/register';
import { LoopRegisters, SearchPool, tokenKey, TokenManager, type TokenScheme } from './index.js';

const nodes = ['a:1', 'b:1', 'c:1'];
const [writer, reader, other] = nodes as [string, string, string];
const scheme: TokenScheme = {
  nodes,
  tokens: [
    { id: '9', writer, replicas: nodes, initial: undefined },
    { id: 'given', writer, replicas: nodes, initial: { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } } },
  ],
};
const domain = { low: 1n, mid: 5n, high: 25n };
const partial = { x: 4n, hash: 2207634929195471568n };
const final = { x: 15n, hash: 902613196918738813n };

const pool = new SearchPool({ threads: 1 });
afterAll(() => pool.close());

let loops: Map<string, NodeLoop<RegisterProtocol>>;
let network: MemoryNetwork<RegisterMessage>;
beforeEach(() => {
  network = new MemoryNetwork();
  loops = new Map(nodes.map((self) => [self, start(self)]));
});
afterEach(() => Promise.all([...loops.values()].map((loop) => loop.stop())));

function start(self: string): NodeLoop<RegisterProtocol> {
  const byKey = new Map(scheme.tokens.map((token) => [tokenKey(token.id), token]));
  const definition = registerMachine({
    self,
    members: nodes,
    replicaSetOf: (key) => byKey.get(key),
    random: Math.random,
    timing: { noQuorumMs: 500, tickMs: 10 },
  });
  const onFatal = (error: Error): void => {
    throw error;
  };
  const ports = { storage: new MemoryStorage(), transport: network.transport(self), clock: systemClock, onFatal };
  return new NodeLoop<RegisterProtocol>({ self, definition, ...ports });
}

const registersAt = (node: string): LoopRegisters =>
  new LoopRegisters((command, done) => loops.get(node)!.invoke(command, done));
const tokensAt = (self: string): TokenManager => new TokenManager({ self, scheme, registers: registersAt(self), pool });

describe('the registers of a node', () => {
  const key = tokenKey('9');

  test('are empty, hold a value, or are deleted; an empty value is one', async () => {
    expect(await registersAt(reader).read(key)).toEqual({ kind: 'empty' });
    expect(await registersAt(writer).write(key, new Uint8Array())).toEqual([1, writer]);
    expect(await registersAt(reader).read(key)).toEqual({ kind: 'value', value: new Uint8Array(), tag: [1, writer] });
    expect(await registersAt(writer).delete(key)).toEqual([2, writer]);
    expect(await registersAt(reader).read(key)).toEqual({ kind: 'deleted', tag: [2, writer] });
  });

  test('fail with the error of their machine', async () => {
    const refused = { code: 'unauthorised', definite: true };
    await expect(registersAt(reader).write(key, new Uint8Array())).rejects.toMatchObject(refused);
    await expect(registersAt(reader).delete(key)).rejects.toMatchObject(refused);
    await expect(registersAt(reader).read('nowhere')).rejects.toMatchObject({ code: 'unknown_key' });
  });

  test('fail when their machine has stopped', async () => {
    await loops.get(writer)!.stop();
    await expect(registersAt(writer).read(key)).rejects.toMatchObject({ code: 'unavailable', definite: true });
  });

  test('ask for writes that are combined with no other', async () => {
    const asked: unknown[] = [];
    const result: RegisterResult = { type: 'written', tag: [1, writer] };
    const registers = new LoopRegisters((command, done) => {
      asked.push(command);
      done(result);
    });
    await registers.write(key, new Uint8Array());
    expect(asked).toEqual([{ type: 'write', key, value: new Uint8Array(), alone: true }]);
  });
});

describe('tokens on real registers', () => {
  test('live their whole life, the same at every node', async () => {
    const [atWriter, atReader] = [tokensAt(writer), tokensAt(reader)];
    await expect(atReader.read('9')).rejects.toMatchObject({ code: 'never_written' });
    expect(await atWriter.write({ id: '9', name: 'abc', domain })).toEqual({ partial, tag: [1, writer] });
    const token = { id: '9', name: 'abc', domain, partial, final };
    for (const node of nodes) expect(await tokensAt(node).read('9')).toEqual({ token, tag: [1, writer] });
    await expect(atWriter.create('9')).rejects.toMatchObject({ code: 'exists' });
    expect(await atWriter.drop('9')).toEqual({ tag: [2, writer] });
    await expect(atReader.read('9')).rejects.toMatchObject({ code: 'dropped' });
    expect(await atWriter.create('9')).toEqual({ tag: [3, writer] });
    await expect(atReader.read('9')).rejects.toMatchObject({ code: 'never_written' });
  });

  test('get their initial name and domain once', async () => {
    await tokensAt(writer).writeInitial();
    await tokensAt(writer).writeInitial();
    await tokensAt(other).writeInitial();
    expect(await tokensAt(reader).read('given')).toMatchObject({
      token: { name: 'abc', partial, final },
      tag: [1, writer],
    });
  });

  test('without a majority a read fails, a write is of unknown outcome; with one again they go on', async () => {
    const atWriter = tokensAt(writer);
    await atWriter.write({ id: '9', name: 'abc', domain });
    for (const node of [reader, other]) network.setLink(writer, node, false);
    await expect(atWriter.read('9')).rejects.toMatchObject({ code: 'no_quorum', definite: true });
    const lost = atWriter.write({ id: '9', name: 'lost', domain });
    await expect(lost).rejects.toMatchObject({ code: 'no_quorum', definite: false });
    for (const node of [reader, other]) network.setLink(writer, node, true);
    expect(await atWriter.write({ id: '9', name: 'xyz', domain })).toMatchObject({ tag: [3, writer] });
    expect(await tokensAt(reader).read('9')).toMatchObject({ token: { name: 'xyz' }, tag: [3, writer] });
  });
});
