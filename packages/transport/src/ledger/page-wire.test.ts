import { isDeepStrictEqual } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, expect, test } from '@jest/globals';
import { transferCodec, type LoggedTransfer } from '@synod/ledger';
import { hasItsHash } from '@synod/paxos';
import { LedgerServiceService } from '../gen/synod/ledger/v1/ledger_service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { LedgerConnection } from './ledger-connection.js';

const opened = cleanup(afterEach);

function entries(count: number, text = ''): LoggedTransfer[] {
  return Array.from({ length: count }, (_, i) => ({
    owner: 'S1',
    sequence: i + 1,
    value: { id: `transfer-${i}${text}`, from: 'S1', to: 'S2', amount: BigInt(i + 1) },
  }));
}

function addBlock(bank: Bank, content: readonly LoggedTransfer[]): void {
  bank.log.push(...content);
  bank.commit();
}

async function serve(bank: Bank): Promise<LedgerConnection> {
  return opened(new LedgerConnection(opened(await serveBank(bank)).address));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('a block of 100,000 transfers comes back whole, with its hash', async () => {
  const bank = new Bank();
  addBlock(bank, entries(3));
  addBlock(bank, entries(100_000));
  addBlock(bank, entries(2));
  const calls = await serve(bank);
  const blocks = await collect(calls.blocks({ from: 1 }));
  expect(isDeepStrictEqual(blocks, bank.blocks)).toBe(true);
  expect(hasItsHash(blocks[1]!, transferCodec)).toBe(true);
});

test('no page of it is longer than 256 KiB, also in an alphabet of three bytes a letter', async () => {
  const bank = new Bank();
  addBlock(bank, entries(10_000, '漢字'.repeat(20)));
  const host = opened(await serveBank(bank));
  const client = opened(new Client(host.address, credentials.createInsecure()));
  const { path, requestSerialize } = LedgerServiceService.blocks;
  const call = client.makeServerStreamRequest(path, requestSerialize, (bytes) => bytes.length, { from: 1, limit: 1 });
  const sizes = (await call.toArray()) as number[];
  expect(sizes.length).toBeGreaterThan(5);
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
});

test('a log of 100,000 transfers and a long queue come back whole', async () => {
  const bank = new Bank();
  bank.log.push(...entries(100_000));
  bank.pending.push(...entries(5_000).map(({ value }) => value));
  const log = await (await serve(bank)).log();
  expect(isDeepStrictEqual(log.entries, bank.log)).toBe(true);
  expect(isDeepStrictEqual(log.pending, bank.pending)).toBe(true);
});

test('blocks are read from a height on, up to a limit, and not beyond the chain', async () => {
  const bank = new Bank();
  for (let i = 0; i < 7; i++) addBlock(bank, entries(1));
  const calls = await serve(bank);
  const heights = async (range: { from: number; limit?: number }): Promise<number[]> =>
    (await collect(calls.blocks(range))).map(({ height }) => height);
  expect(await heights({ from: 0 })).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await heights({ from: 2, limit: 3 })).toEqual([2, 3, 4]);
  expect(await heights({ from: 6, limit: 30 })).toEqual([6, 7]);
  expect(await heights({ from: 8 })).toEqual([]);
});

test('a reader that leaves early stops the server', async () => {
  const bank = new Bank();
  for (let i = 0; i < 50; i++) addBlock(bank, entries(2_000));
  const calls = await serve(bank);
  for await (const block of calls.blocks({ from: 1 })) {
    expect(block.height).toBe(1);
    break;
  }
  const asked = bank.commands.length;
  await calls.balance('S1');
  expect(asked).toBeLessThan(20);
  expect(bank.commands.length).toBeLessThan(22);
});
