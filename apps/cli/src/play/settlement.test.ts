import { expect, test } from '@jest/globals';
import type { LedgerBlock, LoggedTransfer } from '@synod/ledger';
import { Settlement, type LedgerSource } from './settlement.js';

const entry = (owner: string, sequence: number, to: string, amount: bigint): LoggedTransfer => ({
  owner,
  sequence,
  value: { id: `${owner}-${sequence}`, from: owner, to, amount },
});

/** Servers with chains and logs that a test writes down, and a record of what was read of them. */
class PaperLedger implements LedgerSource {
  readonly servers = ['S1', 'S2', 'S3'];
  readonly reads: string[] = [];
  readonly chain: LoggedTransfer[][] = [];
  readonly heights: Record<string, number> = { S1: 0, S2: 0, S3: 0 };
  readonly logs: Record<string, LoggedTransfer[]> = { S1: [], S2: [], S3: [] };

  async height(server: string): Promise<number> {
    return this.heights[server]!;
  }

  /** What a server skipped and has not filled in yet. */
  readonly missing: Record<string, number[]> = {};

  async *blocks(server: string, from: number): AsyncIterable<LedgerBlock> {
    for (let height = from; height <= this.heights[server]!; height++) {
      if (this.missing[server]?.includes(height)) continue;
      this.reads.push(`block ${height} of ${server}`);
      const entries = this.chain[height - 1]!;
      yield { height, previous: '', hash: '', ballot: { round: 1, server }, entries };
    }
  }

  async log(server: string, after: number) {
    const entries = this.logs[server]!.filter(({ sequence }) => sequence > after);
    for (const { sequence } of entries) this.reads.push(`entry ${sequence} of ${server}`);
    return { server, height: this.heights[server]!, entries, pending: [] };
  }
}

const accounts = ['S10', 'S2', 'S1', 'S3'].map((id) => ({ id, initial: 100n }));
const balances = (settlement: Settlement) =>
  [...settlement.balances].map(([id, balance]) => `${id} ${balance}`).join(', ');

test('before any transfer: the initial balances, in natural order', () => {
  expect(balances(new Settlement(accounts))).toBe('S1 100, S2 100, S3 100, S10 100');
});

test('blocks of the longest chain and all local logs count, credits too', async () => {
  const ledger = new PaperLedger();
  ledger.chain.push([entry('S1', 1, 'S2', 30n)], [entry('S2', 1, 'S3', 5n)]);
  Object.assign(ledger.heights, { S1: 1, S3: 2 });
  ledger.logs['S1'] = [entry('S1', 2, 'S10', 70n)];
  const settlement = new Settlement(accounts);
  await settlement.update(ledger);
  expect(balances(settlement)).toBe('S1 0, S2 125, S3 105, S10 170');
});

test('what one server has not filled in yet is read from another; if nobody has it, that is said', async () => {
  const ledger = new PaperLedger();
  ledger.chain.push([entry('S1', 1, 'S2', 30n)], [entry('S2', 1, 'S3', 5n)], [entry('S1', 2, 'S3', 1n)]);
  Object.assign(ledger.heights, { S1: 3, S2: 3, S3: 2 });
  Object.assign(ledger.missing, { S1: [1, 2], S2: [2, 3], S3: [1, 2] });
  const settlement = new Settlement(accounts);
  await expect(settlement.update(ledger)).rejects.toThrow('no server has filled in block 2 of 3 yet');
  ledger.missing['S3'] = [1];
  await settlement.update(ledger);
  expect(balances(settlement)).toBe('S1 69, S2 125, S3 106, S10 100');
});

test('an entry counts once, whether a block holds it, a log, or the log of a server that is behind', async () => {
  const ledger = new PaperLedger();
  const settlement = new Settlement(accounts);
  ledger.logs['S1'] = [entry('S1', 1, 'S2', 30n)];
  await settlement.update(ledger);
  ledger.chain.push([entry('S1', 1, 'S2', 30n)]);
  Object.assign(ledger.heights, { S2: 1 });
  await settlement.update(ledger);
  expect(balances(settlement)).toBe('S1 70, S2 130, S3 100, S10 100');
});

test('a second look reads only what is new', async () => {
  const ledger = new PaperLedger();
  const settlement = new Settlement(accounts);
  ledger.chain.push([entry('S1', 1, 'S2', 1n)]);
  Object.assign(ledger.heights, { S1: 1, S2: 1, S3: 1 });
  ledger.logs['S1'] = [entry('S1', 2, 'S2', 1n)];
  await settlement.update(ledger);
  expect(ledger.reads).toEqual(['block 1 of S1', 'entry 2 of S1']);

  ledger.reads.length = 0;
  ledger.logs['S1'].push(entry('S1', 3, 'S2', 1n));
  ledger.chain.push([entry('S3', 1, 'S2', 7n)]);
  Object.assign(ledger.heights, { S3: 2 });
  await settlement.update(ledger);
  expect(ledger.reads).toEqual(['block 2 of S3', 'entry 3 of S1']);
  expect(balances(settlement)).toBe('S1 97, S2 110, S3 93, S10 100');

  ledger.reads.length = 0;
  await settlement.update(ledger);
  expect(ledger.reads).toEqual([]);
});
