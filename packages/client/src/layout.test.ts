import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { RegisterLayout } from '@synod/transport/client';
import type { StandNode } from '@synod/transport/testing';
import { asked, stands, three } from './testing/stand.js';

const stand = stands(afterEach);
const silent: Server[] = [];
afterEach(() => {
  for (const server of silent.splice(0)) server.close();
});

/** Takes connections and says nothing. */
async function silentServer(): Promise<string> {
  const server = createServer((socket) => socket.unref());
  silent.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Makes a node tell another layout; counts how often it is asked. */
function tells(node: StandNode, change: (true_: RegisterLayout) => RegisterLayout): () => number {
  const { layout } = node;
  let times = 0;
  Object.defineProperty(node, 'layout', {
    configurable: true,
    get() {
      times++;
      return change(layout);
    },
  });
  return () => times;
}

const asIs = (layout: RegisterLayout): RegisterLayout => layout;
const writtenBy = (writer: string) => (layout: RegisterLayout) => ({
  ...layout,
  registers: layout.registers.map((pattern) => (pattern.key === 'one/*' ? { ...pattern, writer } : pattern)),
});

describe('the layout', () => {
  test('is asked for once, however many need it at once, and not again', async () => {
    const { stand: it, client, node } = await stand();
    const times = three.map((id) => tells(node(id), asIs));
    const one = client({ servers: it.addresses.slice(0, 1) });
    await Promise.all(Array.from({ length: 50 }, (_, i) => one.register(`any/${i}`).write('x')));
    await one.register('one/a').read();
    expect(times.map((count) => count())).toEqual([1, 0, 0]);
  });

  test('comes from the next server when the first is down', async () => {
    const { client, node } = await stand();
    await node('S1').hangUp();
    expect(await client().register('pair').write('x')).toEqual({ tag: [1, 'S2'] });
  });

  test('comes from the next server when the first says nothing', async () => {
    const { stand: it, client } = await stand();
    const one = client({ servers: [await silentServer(), ...it.addresses] });
    expect(await one.register('pair').write('x', { timeoutMs: 8_000 })).toEqual({ tag: [1, 'S2'] });
  });

  test('no server has it: unavailable, definite, with the reason', async () => {
    const { client, node } = await stand();
    for (const id of three) await node(id).hangUp();
    await expect(client().register('one/a').write('x', { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'unavailable',
      definite: true,
      message: expect.stringContaining('could not be sent in 1000 ms: no server answers'),
    });
  });
});

describe('a server that is the wrong one', () => {
  test('sends the operation on: the layout is learned anew', async () => {
    const { stand: it, client, node } = await stand();
    tells(node('S1'), writtenBy('S2'));
    const one = client({ servers: it.addresses.slice(0, 1) });
    // S2 refuses, knows better, and is asked before S1 repeats its mistake.
    expect(await one.register('one/a').write('x')).toEqual({ tag: [1, 'S1'] });
    expect(asked(node('S2'), 'write')).toBeGreaterThan(0);
  });

  test('many of them learn it anew once', async () => {
    const { stand: it, client, node } = await stand();
    let first = true;
    tells(node('S1'), (layout) => {
      const told = first ? writtenBy('S2')(layout) : layout;
      first = false;
      return told;
    });
    const times = tells(node('S2'), asIs);
    const one = client({ servers: it.addresses.slice(0, 1) });
    const writes = Array.from({ length: 200 }, (_, i) => ({ key: `one/${i}`, value: 'x' }));
    const written = await one.registers.writeMany(writes);
    expect(written.filter((it) => it instanceof SynodError)).toEqual([]);
    expect(times()).toBe(1);
  });

  test('after three times its refusal is believed', async () => {
    const { client, node } = await stand();
    for (const id of three) tells(node(id), writtenBy('S2'));
    await expect(client().register('one/a').write('x')).rejects.toMatchObject({
      code: 'unauthorised',
      definite: true,
      message: 'S2 may not write "one/a": ask S1',
    });
    expect(asked(node('S2'), 'write')).toBe(4);
  });

  test('a register that nobody knows is asked about once more, and no server is bothered', async () => {
    const { client, node } = await stand();
    const times = tells(node('S1'), asIs);
    await expect(client().register('nowhere').read()).rejects.toMatchObject({
      code: 'unknown_key',
      message: 'no register "nowhere" is configured',
    });
    expect(times()).toBe(2);
    expect(three.map((id) => asked(node(id), 'read'))).toEqual([0, 0, 0]);
  });

  test('a register that came since is found', async () => {
    const { client, node } = await stand();
    let registers: RegisterLayout['registers'] = [];
    for (const id of three) tells(node(id), (layout) => ({ ...layout, registers }));
    const register = client().register('one/a');
    await expect(register.read()).rejects.toMatchObject({ code: 'unknown_key' });
    registers = [{ key: 'one/*', writer: 'S1', replicas: three }];
    expect(await register.write('x')).toEqual({ tag: [1, 'S1'] });
  });
});

/** As behind a translation of addresses: what the nodes call themselves leads nowhere. */
function isNowhere(node: StandNode): void {
  const nowhere = three.map((id) => ({ id, address: '127.0.0.1:1' }));
  tells(node, (layout) => ({ ...layout, nodes: nowhere }));
  const { description } = node;
  Object.defineProperty(node, 'description', { value: { ...description, servers: nowhere } });
}

describe('servers', () => {
  test('one address is enough: the others are learned', async () => {
    const { stand: it, client, node } = await stand();
    for (const prefer of three) {
      const one = client({ servers: [it.addresses[2]!], prefer });
      await one.register('one/a').write('x');
      await one.register('one/a').read();
    }
    expect(three.map((id) => asked(node(id), 'read'))).toEqual([1, 1, 1]);
  });

  test('what the caller says of an address holds, whatever the cluster says', async () => {
    const { stand: it, client, node } = await stand();
    for (const id of three) isNowhere(node(id));
    expect(await client().register('one/a').write('x')).toEqual({ tag: [1, 'S1'] });
    const named = client({ servers: three.map((id, i) => ({ id, address: it.addresses[i]! })) });
    expect(await named.register('pair').write('x')).toEqual({ tag: [1, 'S2'] });
    const some = client({ servers: it.addresses.slice(0, 1) });
    await expect(some.register('pair').write('x', { timeoutMs: 200 })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('one that was replaced is followed to where the others say it is, learned or named by the caller', async () => {
    const { stand: it, client, node } = await stand();
    const clients = [client({ servers: it.addresses.slice(0, 1) }), client()];
    for (const one of clients) await one.register('pair').write('x');
    await node('S2').hangUp();
    await node('S2').serve({ address: '127.0.0.1:0' });
    for (const one of clients) {
      expect((await one.register('pair').write('y')).tag[1]).toBe('S2');
      expect(one.servers).toContainEqual({ id: 'S2', address: node('S2').address });
    }
  });

  test('one that was down when the others were asked is known once it is back', async () => {
    const { client, node } = await stand();
    for (const id of three) isNowhere(node(id));
    await node('S2').hangUp();
    const register = client().register('pair');
    const write = register.write('x');
    await expect(register.write('y', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'unavailable' });
    await node('S2').serve();
    expect(await write).toEqual({ tag: [1, 'S2'] });
  });

  test('one that has moved while a write waits for its connection gets it where it is now', async () => {
    const { client, node } = await stand();
    const one = client();
    await one.register('pair').write('x');
    await node('S2').hangUp();
    const writes = Array.from({ length: 50 }, (_, i) => one.register('pair').write(`y${i}`));
    await node('S2').serve({ address: '127.0.0.1:0' });
    for (const { tag } of await Promise.all(writes)) expect(tag[1]).toBe('S2');
  });

  test('one whose address nobody tells is named', async () => {
    const { stand: it, client, node } = await stand();
    tells(node('S1'), (layout) => ({ ...layout, nodes: layout.nodes.slice(0, 1) }));
    await expect(
      client({ servers: it.addresses.slice(0, 1) })
        .register('pair')
        .write('x'),
    ).rejects.toMatchObject({
      code: 'unknown_server',
      definite: true,
      message: 'nobody says where S2 can be reached',
    });
  });
});
