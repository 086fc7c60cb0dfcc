import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from './connect.js';
import { clusters } from './testing/cluster.js';
import { stands, three } from './testing/stand.js';

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

test('nothing is connected before the first call', () => {
  const client = connect({ servers: ['127.0.0.1:1'] });
  client.register('one/a');
  client.token('a');
  client.close();
});
