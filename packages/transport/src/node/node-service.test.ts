import { Client, credentials, type ClientReadableStream } from '@grpc/grpc-js';
import { afterEach, expect, test } from '@jest/globals';
import { NodeServiceService as methods, type WatchEventsResponse } from '../gen/synod/node/v1/node_service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { until } from '../testing/until.js';
import { NodeConnection } from './node-connection.js';

const opened = cleanup(afterEach);

async function setUp(): Promise<{ bank: Bank; calls: NodeConnection; address: string }> {
  const bank = new Bank();
  const { address } = opened(await serveBank(bank));
  return { bank, calls: opened(new NodeConnection(address)), address };
}

test('a server says who it is, who the others are and what it serves', async () => {
  const { bank, calls } = await setUp();
  expect(await calls.describe()).toEqual({
    cluster: 'bank',
    server: 'S1',
    servers: [
      { id: 'S1', address: '' },
      { id: 'S2', address: '' },
    ],
    services: ['synod.ledger.v1.LedgerService'],
    disk: 'd15cd15cd15cd15c',
    waits: false,
    since: 0,
  });
  expect(await calls.describe()).toEqual(bank.description);
});

test('performance comes back whole, with as many of the last requests as are wanted', async () => {
  const { bank, calls } = await setUp();
  for (const id of ['a', 'b', 'c']) {
    const transfer = { id, from: 'S1', to: 'S2', amount: 1n };
    const command = { type: 'transfer', transfer, short: 'queue', durability: 'local', gather: undefined } as const;
    bank.invoke(command, () => undefined);
  }
  expect(await calls.performance({ recent: 2 })).toEqual(bank.performance({ recent: 2 }));
  expect((await calls.performance()).requests.recent).toHaveLength(3);
});

test('events: the last ones first, then each as it happens', async () => {
  const { bank, calls } = await setUp();
  for (const kind of ['a', 'b', 'c']) bank.emit(kind);
  const events = calls.watchEvents({ last: 2 });
  expect((await events.next()).value).toEqual({ event: bank.events(2)[0], missed: 0 });
  expect((await events.next()).value).toMatchObject({ event: { kind: 'c', sequence: 3 }, missed: 0 });
  bank.emit('d');
  expect((await events.next()).value).toEqual({ event: bank.events(1)[0], missed: 0 });
  await events.return(undefined);
  await until(() => bank.watchers === 0);
});

test('events: a slow reader loses the oldest, and is told how many', async () => {
  const { bank, address } = await setUp();
  const client = opened(new Client(address, credentials.createInsecure()));
  const { path, requestSerialize, responseDeserialize } = methods.watchEvents;
  const call: ClientReadableStream<WatchEventsResponse> = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    { last: 1 },
  );
  call.on('error', () => undefined);
  bank.emit('first');
  await new Promise((resolve) => call.once('readable', resolve));
  for (let i = 1; i < 20_000; i++) {
    bank.emit('tick');
    if (i % 10 === 0) await new Promise(setImmediate);
  }
  let seen = 0;
  let lost = 0;
  await new Promise<void>((resolve) => {
    call.on('data', ({ missed, events }: WatchEventsResponse) => {
      // Sequences have no gaps but those that are told.
      expect(events[0]!.sequence).toBe(seen + lost + missed + 1);
      seen += events.length;
      lost += missed;
      if (seen + lost === 20_000) resolve();
    });
  });
  call.cancel();
  expect(lost).toBeGreaterThan(0);
  expect(seen).toBeGreaterThanOrEqual(1_000);
});
