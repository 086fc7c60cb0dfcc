import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransferOutcome } from './protocol.js';
import { transfer } from './testing/lone-home.js';
import { MemoryBank } from './testing/memory-bank.js';
import type { ShortPolicy } from './transfer.js';

let bank: MemoryBank;
afterEach(() => bank.close());

test('the example of the transaction file leaves the balances the specification names', async () => {
  bank = await MemoryBank.open(5, { queueRounds: 'on-request' });
  const statuses: string[] = [];
  for (const [i, [from, what]] of [
    ['S1', '45 to S3'],
    ['S3', '55 to S5'],
    ['S2', '30 to S4'],
    ['S5', '50 to S1'],
    ['S1', '75 to S3'],
  ].entries()) {
    const { status } = await bank.transfer(transfer(`1-${i + 1}`, what!, from), { gather: bank.servers });
    statuses.push(status);
  }
  expect(statuses).toEqual(['local', 'local', 'local', 'local', 'consensus']);
  await bank.until(({ height }) => height === 1);
  expect(await bank.own()).toEqual({ S1: 30n, S2: 70n, S3: 90n, S4: 130n, S5: 105n });
  const blocks = await bank.ask('S4', { type: 'blocks', from: 1, limit: 10 });
  expect(blocks).toMatchObject({ height: 1, blocks: [{ height: 1, ballot: { server: 'S1' } }] });
  expect(blocks.type === 'blocks' && blocks.blocks[0]!.entries.map(({ value }) => value.id)).toEqual([
    '1-1', // by owner, then by number
    '1-3',
    '1-2',
    '1-4',
  ]);
  expect(await bank.ask('S1', { type: 'log' })).toMatchObject({ log: { entries: [{ value: { id: '1-5' } }] } });
});

describe('fifty transfers of the whole balance', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `t${i}`);
  const all = (short: ShortPolicy): Promise<TransferOutcome[]> =>
    Promise.all(ids.map((id, i) => bank.transfer(transfer(id, `100 to S${2 + (i % 4)}`), { short })));

  test.each([
    ['queue', 'pending'],
    ['reject', 'rejected'],
  ] as const)(
    'asked at once with %s: one is executed, 49 are %s by their ids, also after a restart of all',
    async (short, otherwise) => {
      bank = await MemoryBank.open(5);
      const told = await all(short);
      expect(told.map(({ id }) => id)).toEqual(ids);
      expect(told.map(({ status }) => status)).toEqual(['local', ...ids.slice(1).map(() => otherwise)]);
      await bank.until(({ undecided }) => undecided === 0);
      for (const server of bank.servers) {
        await bank.stop(server);
        await bank.start(server);
      }
      const again = await all(short);
      expect(again.map(({ status }) => status)).toEqual(told.map(({ status }) => status));
      expect(await bank.own()).toMatchObject({ S1: 0n });
      const log = await bank.ask('S1', { type: 'log' });
      expect(log).toMatchObject({ log: { pending: short === 'queue' ? expect.any(Array) : [] } });
      expect(log.type === 'log' && log.log.pending.map(({ id }) => id)).toEqual(short === 'queue' ? ids.slice(1) : []);
      const map = await bank.ask('S1', { type: 'balance-map' });
      const balances = map.type === 'balance-map' ? map.map.balances : [];
      expect(balances.reduce((sum, { committed }) => sum + committed, 0n)).toBe(500n);
    },
  );
});

test('the same ids asked at once by fifty callers are executed once, and all callers are told the same', async () => {
  bank = await MemoryBank.open(3);
  const told = await Promise.all(Array.from({ length: 50 }, () => bank.transfer(transfer('a', '100 to S2'))));
  expect(new Set(told.map(({ status, sequence }) => `${status} ${sequence}`))).toEqual(new Set(['local 1']));
  const short = await Promise.all(Array.from({ length: 50 }, () => bank.transfer(transfer('b', '100 to S2'))));
  expect(new Set(short.map(({ status }) => status))).toEqual(new Set(['pending']));
  expect(await bank.ask('S1', { type: 'log' })).toMatchObject({ log: { pending: [{ id: 'b' }] } });
});

test('100,000 transfers commit in one block', async () => {
  const homes = ['S1', 'S2', 'S3'];
  bank = await MemoryBank.open(3, { accounts: homes.map((id) => ({ id, home: id, initial: 1_000_000n })) });
  const count = 100_000;
  const outcomes = Array.from({ length: count }, (_, i) => bank.transfer(transfer(`t${i}`, '1 to S2')));
  const statuses = new Set((await Promise.all(outcomes)).map(({ status }) => status));
  expect(statuses).toEqual(new Set(['local']));
  const last = await bank.transfer(transfer('last', '1 to S3'), { durability: 'committed' });
  expect(last).toMatchObject({ sequence: count + 1, committed: true, height: 1 });
  await bank.until(({ height, logLength }) => height === 1 && logLength === 0);
  expect(await bank.own()).toEqual({ S1: 899_999n, S2: 1_100_000n, S3: 1_000_001n });
});

test('100,000 transfers that wait leave the queue with one block', async () => {
  const accounts = ['S1', 'S2', 'S3'].map((id) => ({ id, home: id, initial: id === 'S1' ? 0n : 100_000n }));
  bank = await MemoryBank.open(3, { accounts });
  const statuses = await Promise.all(
    Array.from({ length: 100_000 }, (_, i) => bank.transfer(transfer(`t${i}`, '1 to S2'))),
  );
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['pending']));
  await bank.transfer(transfer('money', '100000 to S1', 'S3'), { durability: 'committed' });
  await bank.until(({ server, pending }) => server !== 'S1' || pending === 0);
  expect(await bank.own()).toMatchObject({ S1: 0n, S3: 0n });
});
