import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanup, Relay } from '@synod/transport/testing';
import { frame } from '../testing/frame.js';
import { servedBanks } from '../testing/served-banks.js';
import { Watched } from '../testing/watched.js';
import { clusterFeed } from './cluster-feed.js';

const keep = cleanup(afterEach);
const served = servedBanks(keep);
const watch = (...given: Parameters<typeof clusterFeed>) => keep(new Watched(clusterFeed(...given)));

const up = (...ids: string[]) => ids.map((id) => `${id} up`).join(', ');
const nine = Array.from({ length: 9 }, (_, i) => `S${i + 1}`);

describe('who there is', () => {
  test('nine servers are learned from one of them, each with what it serves', async () => {
    const { client, addresses } = await served(9);
    const feed = watch(client({ servers: [addresses[4]!] }));
    await feed.untilStates(up(...nine));
    expect(feed.model.cluster).toBe('bank');
    expect(feed.model.servers.map(({ address }) => address)).toEqual(addresses);
    expect(frame(feed.model)).toContain('9 of 9 up');
  });

  test('servers of which only addresses are known go by these while none of them answers', async () => {
    const { client, addresses, stop, start } = await served(2);
    await stop(0);
    await stop(1);
    const feed = watch(client());
    await feed.untilStates(`${[...addresses].sort().join(' down, ')} down`);
    await start(1);
    await feed.untilStates('S1 down, S2 up');
    await start(0);
    await feed.untilStates(up('S1', 'S2'));
  });

  test('a server that was given at another address than the cluster says is one server, at the given address', async () => {
    const { client, addresses } = await served(2);
    const relay = keep(await Relay.before(addresses[1]!));
    const feed = watch(client({ servers: [addresses[0]!, relay.address] }));
    await feed.untilStates(up('S1', 'S2'));
    expect(feed.model.servers[1]!.address).toBe(relay.address);
  });

  test('a server that was given another name goes by its own', async () => {
    const { client, addresses } = await served(2);
    const feed = watch(client({ servers: [addresses[0]!, { id: 'S7', address: addresses[1]! }] }));
    await feed.untilStates(up('S1', 'S2'));
  });
});

describe('what servers tell', () => {
  test('reports as they change, events and messages, those of one turn together', async () => {
    const { banks, client } = await served(2);
    banks[0]!.emit('before');
    const feed = watch(client());
    await feed.untilStates(up('S1', 'S2'));
    await feed.until(({ eventLog }) => eventLog.events.length === 1);
    banks[0]!.commit();
    await feed.until(({ servers }) => servers[0]!.ledger!.status.height === 1);
    banks[1]!.emit('after');
    await feed.until(({ eventLog }) => eventLog.events.length === 2);
    expect(feed.model.eventLog.events.slice(0).map(({ kind }) => kind)).toEqual(['before', 'after']);
    for (const timeUs of [5, 4, 6]) {
      banks[0]!.pass({ timeUs, sent: true, from: 'S1', to: 'S2', type: 'prepare', subject: 'ballot (1, S1)' });
    }
    await feed.until(({ trace }) => trace.messages.length === 3);
    expect(feed.model.trace.messages.slice(0).map(({ timeUs }) => timeUs)).toEqual([4, 5, 6]);
    expect(feed.news('messages').length).toBeLessThan(3);
  });

  test('events are known once, however often a server comes back', async () => {
    const { banks, client, stop, start } = await served(1);
    for (let i = 0; i < 300; i++) banks[0]!.emit('early');
    const feed = watch(client());
    await feed.until(({ eventLog }) => eventLog.events.length === 200);
    await stop(0);
    await feed.untilStates('S1 down');
    banks[0]!.emit('meanwhile');
    await start(0);
    await feed.until(({ eventLog }) => eventLog.events.last?.kind === 'meanwhile');
    expect(feed.model.eventLog.events.length).toBe(201);
  });

  test('nothing is delivered any more once it was stopped', async () => {
    const { banks, client } = await served(2);
    const feed = watch(client());
    feed.want({ type: 'balances' });
    await feed.untilStates(up('S1', 'S2'));
    feed.close();
    const delivered = feed.inputs.length;
    banks[0]!.commit();
    banks[0]!.emit('late');
    while (banks.some(({ watchers }) => watchers > 0)) await new Promise(setImmediate);
    expect(feed.inputs.length).toBe(delivered);
  });
});

describe('how servers are reached', () => {
  test('one that goes away is down, with the reason; the others go on, and it answers when it is back', async () => {
    const { client, stop, start } = await served(3);
    const feed = watch(client());
    await feed.untilStates(up('S1', 'S2', 'S3'));
    await stop(1);
    await feed.untilStates('S1 up, S2 down, S3 up');
    expect(feed.model.servers[1]).toMatchObject({ reach: 'unreachable', reason: 'it takes no connection' });
    expect(frame(feed.model)).toContain('✗ down');
    await start(1);
    await feed.untilStates(up('S1', 'S2', 'S3'));
    expect(feed.model.servers[1]!.reason).toBe('');
  });

  test('one that was replaced is followed to where the others say it is', async () => {
    const { client, stop, move } = await served(3);
    const feed = watch(client());
    await feed.untilStates(up('S1', 'S2', 'S3'));
    await stop(1);
    await feed.untilStates('S1 up, S2 down, S3 up');
    const address = await move(1);
    await feed.untilStates(up('S1', 'S2', 'S3'));
    expect(feed.model.servers[1]!.address).toBe(address);
  });

  test('one that takes the connection and says nothing is silent, from the start', async () => {
    const { client, addresses } = await served(2);
    const relay = keep(await Relay.before(addresses[1]!));
    relay.standStill();
    const feed = watch(client({ servers: [addresses[0]!, { id: 'S2', address: relay.address }] }));
    await feed.untilStates('S1 up, S2 silent');
    expect(feed.model.servers[1]!.reason).toBe('nothing comes back');
  });

  test('one that stands still becomes silent, and answers when it goes on; down if it ends meanwhile', async () => {
    const { client, addresses } = await served(2);
    const relay = await Relay.before(addresses[1]!);
    const servers = [addresses[0]!, { id: 'S2', address: relay.address }];
    const feed = watch(client({ servers, lifeSignMs: 900 }));
    await feed.untilStates(up('S1', 'S2'));
    relay.standStill();
    await feed.untilStates('S1 up, S2 silent');
    relay.goOn();
    await feed.untilStates(up('S1', 'S2'));
    relay.standStill();
    await feed.untilStates('S1 up, S2 silent');
    await relay.close();
    await feed.untilStates('S1 up, S2 down');
    const told = feed.news('reach').map(({ server, reach }) => `${server} ${reach}`);
    expect(told).toEqual(['S2 silent', 'S2 silent', 'S2 unreachable']);
  });

  test('the loss of the whole cluster shows every server down', async () => {
    const { client, stop } = await served(3);
    const feed = watch(client());
    await feed.untilStates(up('S1', 'S2', 'S3'));
    await Promise.all([stop(0), stop(1), stop(2)]);
    await feed.untilStates('S1 down, S2 down, S3 down');
    expect(frame(feed.model)).toContain('0 of 3 up');
  });
});

test('a client that is closed under it ends nothing badly', async () => {
  const { client } = await served(1);
  const one = client();
  const feed = watch(one);
  await feed.untilStates('S1 up');
  one.close();
  await feed.untilStates('S1 down');
});
