import { constants } from 'node:http2';
import { afterEach, expect, test } from '@jest/globals';
import { LedgerServiceService as ledger } from '../gen/synod/ledger/v1/ledger_service.js';
import { LedgerConnection } from '../ledger/ledger-connection.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { codeAtEnd, grpcMessage, RawStreams, statusOf } from '../testing/raw-streams.js';
import { until } from '../testing/until.js';
import type { GrpcHost } from './grpc-host.js';
import type { GrpcLimits } from './limits.js';

const opened = cleanup(afterEach);
const calm = constants.NGHTTP2_ENHANCE_YOUR_CALM;
const KiB = 1024;

async function serve(limits: Partial<GrpcLimits>): Promise<{ host: GrpcHost; bank: Bank; good: LedgerConnection }> {
  const bank = new Bank();
  const host = opened(await serveBank(bank, { limits }));
  return { host, bank, good: opened(new LedgerConnection(host.address)) };
}

const halfOf = (bytes: number): Buffer => grpcMessage(Buffer.alloc(bytes), 2 * bytes);

test('of messages that never become complete the oldest are cut once they are too many bytes; others are served', async () => {
  const { host, good } = await serve({ maxUnfinishedBytes: 100 * KiB });
  const raw = opened(new RawStreams(host.address));
  const streams = Array.from({ length: 5 }, () => raw.open(ledger.session.path));
  for (const stream of streams.slice(0, 4)) stream.write(halfOf(40 * KiB));
  expect(await Promise.all(streams.slice(0, 2).map(codeAtEnd))).toEqual([calm, calm]);
  expect(await good.balance('S1')).toMatchObject({ spendable: 100n });
  streams[4]!.write(halfOf(70 * KiB));
  expect(await codeAtEnd(streams[2]!)).toBe(calm);
  raw.close();
  expect(await good.balance('S1')).toMatchObject({ spendable: 100n });
});

test('a message that comes too slowly is cut; a stream on which nothing has begun is not', async () => {
  const { host, good } = await serve({ messageMs: 500 });
  const raw = opened(new RawStreams(host.address));
  const quiet = raw.open(ledger.session.path);
  const slow = raw.open(ledger.session.path);
  slow.write(halfOf(10));
  expect(await codeAtEnd(slow)).toBe(calm);
  expect(quiet.closed).toBe(false);
  expect(await good.balance('S1')).toMatchObject({ spendable: 100n });
});

test('a call whose answer nobody takes is cut', async () => {
  const { host, good, bank } = await serve({ messageMs: 500 });
  const raw = opened(new RawStreams(host.address, { takes: 0 }));
  const unread = raw.open(ledger.balanceMap.path);
  unread.end(grpcMessage(Buffer.alloc(0)));
  await until(() => bank.commands.length === 1);
  expect(await codeAtEnd(unread)).toBe(calm);
  expect(await good.balance('S1')).toMatchObject({ spendable: 100n });
});

test('calls beyond a number are refused, and served again when others have ended', async () => {
  const { host, good } = await serve({ maxCalls: 3 });
  const raw = opened(new RawStreams(host.address));
  const first = [1, 2, 3].map(() => raw.open(ledger.session.path));
  await Promise.all(first.map((stream) => new Promise((resolve) => stream.once('response', resolve))));
  expect(await statusOf(raw.open(ledger.session.path))).toBe('8');
  await expect(good.balance('S1')).rejects.toMatchObject({
    code: 'resource_exhausted',
    definite: true,
    message: '3 calls are open already; nothing was done',
  });
  first[0]!.close();
  await codeAtEnd(first[0]!);
  // The server hears of that end when it reads the reset, which comes before any later call.
  expect(await good.balance('S1')).toMatchObject({ spendable: 100n });
});
