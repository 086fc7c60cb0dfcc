import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanup, Relay } from '@synod/transport/testing';
import { connect } from './connect.js';
import { clusters } from './testing/cluster.js';
import { stands, three, until } from './testing/stand.js';

const keep = cleanup(afterEach);
const cluster = clusters(afterEach);
const stand = stands(afterEach);

describe('what every server tells', () => {
  test('who it is, and who the others are, by id or by address', async () => {
    const { stand: it, client } = await stand();
    const description = { cluster: 'stand', servers: three.map((id, i) => ({ id, address: it.addresses[i] })) };
    expect(await client().describe('S2')).toMatchObject({ ...description, server: 'S2' });
    expect(await client().describe(it.addresses[2]!)).toMatchObject({ ...description, server: 'S3' });
    // Also of one of which others tell.
    expect(await client({ servers: it.addresses.slice(0, 1) }).describe('S3')).toMatchObject({ server: 'S3' });
  });

  test('what it has measured', async () => {
    const { client } = await cluster(2);
    const one = client();
    await one.ledger.transfer({ id: 't', from: 'S2', to: 'S1', amount: 5n });
    expect(await one.performance('S2', { recent: 1 })).toMatchObject({ requests: { recent: [{ id: 't' }] } });
    expect(await one.performance('S1')).toMatchObject({ server: 'S1', requests: { recent: [] } });
  });

  test('what happens, until the signal', async () => {
    const { banks, client } = await cluster(1);
    banks[0]!.emit('one');
    const watch = new AbortController();
    const kinds: string[] = [];
    for await (const { event, missed } of client().watchEvents('S1', watch.signal, 1)) {
      kinds.push(`${event.kind} ${missed}`);
      if (kinds.length === 1) banks[0]!.emit('two');
      else watch.abort();
    }
    expect(kinds).toEqual(['one 0', 'two 0']);
  });

  test('the messages that pass, until the signal', async () => {
    const { banks, client } = await cluster(1);
    const watch = new AbortController();
    const told: string[] = [];
    const pass = (subject: string) => {
      banks[0]!.pass({ timeUs: 1, sent: true, from: 'S1', to: 'S2', type: 'prepare', subject });
    };
    const watching = (async () => {
      for await (const { message, missed } of client().watchMessages('S1', watch.signal)) {
        told.push(`${message.type} ${message.subject} ${missed}`);
        if (told.length === 1) pass('b');
        else watch.abort();
      }
    })();
    await until(() => banks[0]!.watchers === 1);
    pass('a');
    await watching;
    expect(told).toEqual(['prepare a 0', 'prepare b 0']);
  });

  test('which servers are known: those given, then those that a description names', async () => {
    const { stand: it, client } = await stand();
    const [first, second, third] = it.addresses;
    const one = client({ servers: [second!] });
    expect(one.servers).toEqual([{ id: undefined, address: second }]);
    await one.describe(second!);
    expect(one.servers).toEqual([
      { id: 'S2', address: second },
      { id: 'S1', address: first },
      { id: 'S3', address: third },
    ]);
  });

  test('a server that is unknown, or down, is named', async () => {
    const { stand: it, client, node } = await stand();
    await expect(client().describe('S7')).rejects.toMatchObject({
      code: 'unknown_server',
      message: "there is no server 'S7'; there are S1, S2, S3",
    });
    await node('S2').hangUp();
    await expect(client().performance(it.addresses[1]!)).rejects.toMatchObject({ code: 'unavailable', definite: true });
    await expect(client().describe('S2', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

test('the ledger is not among what a server of registers does, and the other way round', async () => {
  const [registers, ledger] = [(await stand()).client(), (await cluster(1)).client()];
  await expect(registers.ledger.balance('S1')).rejects.toMatchObject({ code: 'refused', definite: true });
  await expect(ledger.register('one/a').read()).rejects.toMatchObject({ code: 'refused', definite: true });
});

describe('lifeSignMs', () => {
  test('a stream ends when its server stands still for that time, though its connection stays open', async () => {
    const relay = keep(await Relay.before((await cluster(1)).addresses[0]!));
    const watching = keep(connect({ servers: [relay.address], lifeSignMs: 600 })).ledger.watchStatus(relay.address);
    expect((await watching.next()).value).toMatchObject({ status: { server: 'S1' } });
    relay.standStill();
    await expect(watching.next()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each([0, -1, NaN])('%d is none', (lifeSignMs) => {
    expect(() => connect({ servers: ['127.0.0.1:1'], lifeSignMs })).toThrow(/^lifeSignMs: more than 0, not/);
  });
});

test('nothing is connected before the first call', () => {
  const client = connect({ servers: ['127.0.0.1:1'] });
  client.register('one/a');
  client.token('a');
  client.close();
});
