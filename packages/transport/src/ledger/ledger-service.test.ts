import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { TransferCommand } from '@synod/ledger';
import {
  LedgerServiceService,
  type Durability,
  type ShortPolicy,
  type TransferRequest,
} from '../gen/synod/ledger/v1/ledger_service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { LedgerConnection } from './ledger-connection.js';
import type { LedgerServiceOptions } from './ledger-service.js';

const opened = cleanup(afterEach);

async function setUp(options?: LedgerServiceOptions): Promise<{ bank: Bank; calls: LedgerConnection }> {
  const bank = new Bank();
  const host = opened(await serveBank(bank, options));
  return { bank, calls: opened(new LedgerConnection(host.address)) };
}

function transfer(id: string, amount: bigint, more: Partial<TransferCommand> = {}): TransferCommand {
  const content = { id, from: 'S1', to: 'S2', amount };
  return { type: 'transfer', transfer: content, short: 'queue', durability: 'local', gather: undefined, ...more };
}

describe('every call reaches the machine whole, and its answer comes back whole', () => {
  test('transfer', async () => {
    const { bank, calls } = await setUp();
    const command = transfer('t-1', 45n, { short: 'reject', durability: 'committed', gather: ['S1', 'S10'] });
    expect(await calls.transfer(command)).toEqual({
      id: 't-1',
      status: 'local',
      sequence: 1,
      reason: '',
      committed: false,
      height: 0,
    });
    expect(bank.commands).toEqual([command]);
    expect(await calls.transfer(transfer('t-2', 56n, { short: 'reject' }))).toMatchObject({
      status: 'rejected',
      reason: 'insufficient funds',
    });
    expect(await calls.transfer(transfer('t-3', 56n))).toMatchObject({ status: 'pending' });
  });

  test('the largest amount loses no digit', async () => {
    const { bank, calls } = await setUp();
    await calls.transfer(transfer('t', 2n ** 64n - 1n));
    expect(bank.commands).toEqual([transfer('t', 18446744073709551615n)]);
  });

  test('a batch answers each transfer by itself, in order', async () => {
    const { calls } = await setUp();
    const wrongHome = { ...transfer('b', 1n), transfer: { id: 'b', from: 'S2', to: 'S1', amount: 1n } };
    const results = await calls.transferBatch([transfer('a', 60n), wrongHome, transfer('c', 40n), transfer('a', 61n)]);
    expect(results).toMatchObject([
      { id: 'a', sequence: 1 },
      { code: 'wrong_home', definite: true },
      { id: 'c', sequence: 2 },
      { code: 'id_conflict', definite: true },
    ]);
    expect(results[1]).toBeInstanceOf(SynodError);
  });

  test('balance and balance map', async () => {
    const { bank, calls } = await setUp();
    await calls.transfer(transfer('t', 2n));
    const balance = { account: 'S1', home: 'S1', committed: 100n, spendable: 98n, pending: 0 };
    expect(await calls.balance('S1')).toEqual(balance);
    expect(await calls.balanceMap()).toEqual({
      server: 'S1',
      height: 0,
      balances: [balance, { account: 'S2', home: 'S2', committed: 100n, spendable: 102n, pending: 0 }],
    });
    expect(bank.commands.slice(1)).toEqual([{ type: 'balance', account: 'S1' }, { type: 'balance-map' }]);
  });

  test('log', async () => {
    const { calls } = await setUp();
    expect(await calls.log()).toEqual({ server: 'S1', height: 0, entries: [], pending: [] });
    await calls.transfer(transfer('a', 1n));
    await calls.transfer(transfer('b', 2n));
    await calls.transfer(transfer('c', 1000n));
    const b = { owner: 'S1', sequence: 2, value: transfer('b', 2n).transfer };
    expect(await calls.log({ after: 1 })).toEqual({
      server: 'S1',
      height: 0,
      entries: [b],
      pending: [transfer('c', 1000n).transfer],
    });
  });

  test('attempt queue', async () => {
    const { bank, calls } = await setUp();
    await calls.transfer(transfer('big', 150n));
    await calls.transfer({ ...transfer('in', 50n), transfer: { id: 'in', from: 'S1', to: 'S1', amount: 1n } });
    expect(await calls.attemptQueue('S1', ['S2'])).toEqual({ executed: [], height: 0 });
    expect(bank.commands.at(-1)).toEqual({ type: 'attempt-queue', account: 'S1', gather: ['S2'] });
    await calls.attemptQueue('S1');
    expect(bank.commands.at(-1)).toEqual({ type: 'attempt-queue', account: 'S1', gather: undefined });
  });

  test('status', async () => {
    const { bank, calls } = await setUp();
    await calls.transfer(transfer('t', 1n));
    bank.commit();
    expect(await calls.status()).toEqual(await bank.report());
  });
});

describe('nonsense is refused with the name of the field, and never reaches the machine', () => {
  const good = { id: 't', from: 'S1', to: 'S2', amount: 1n };
  const request = (changed: Partial<TransferRequest>): TransferRequest => ({
    transfer: good,
    shortPolicy: 0,
    durability: 0,
    gatherFrom: [],
    ...changed,
  });

  test.each<{ problem: string; changed: Partial<TransferRequest> }>([
    { problem: 'transfer is missing', changed: { transfer: undefined } },
    { problem: 'transfer.amount is not in 1 to 2^64-1', changed: { transfer: { ...good, amount: 0n } } },
    { problem: 'transfer.id is empty', changed: { transfer: { ...good, id: '' } } },
    { problem: 'transfer.id is longer than 128 characters', changed: { transfer: { ...good, id: 'x'.repeat(129) } } },
    { problem: 'transfer.from has control characters', changed: { transfer: { ...good, from: 'S1\n' } } },
    {
      problem: 'transfer.to has control characters, or is not valid Unicode',
      changed: { transfer: { ...good, to: '\uFFFD' } },
    },
    { problem: 'short_policy has no meaning for 3', changed: { shortPolicy: 3 as ShortPolicy } },
    { problem: 'durability has no meaning for 9', changed: { durability: 9 as Durability } },
    { problem: 'gather_from is empty', changed: { gatherFrom: ['S1', ''] } },
  ])('$problem', async ({ problem, changed }) => {
    const bank = new Bank();
    const host = opened(await serveBank(bank));
    const client = opened(new Client(host.address, credentials.createInsecure()));
    const { path, requestSerialize, responseDeserialize } = LedgerServiceService.transfer;
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request(changed), resolve);
    });
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error?.details).toContain(problem);
    expect(error?.metadata.get('synod-code')).toEqual(['invalid_argument']);
    expect(error?.metadata.get('synod-definite')).toEqual(['true']);
    expect(bank.commands).toEqual([]);
  });

  test('what a request leaves open has its documented default', async () => {
    const bank = new Bank();
    const host = opened(await serveBank(bank));
    const client = opened(new Client(host.address, credentials.createInsecure()));
    const { path, requestSerialize, responseDeserialize } = LedgerServiceService.transfer;
    await new Promise((resolve) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request({}), resolve);
    });
    expect(bank.commands).toEqual([transfer('t', 1n)]);
  });

  test('by the connection itself, before anything is sent', async () => {
    const { bank, calls } = await setUp();
    for (const amount of [0n, -1n, 2n ** 64n, 5 as unknown as bigint]) {
      await expect(calls.transfer(transfer('t', amount))).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    expect(bank.commands).toEqual([]);
  });

  test('a batch of more than 10,000', async () => {
    const { calls } = await setUp();
    const batch = Array.from({ length: 10_001 }, (_, i) => transfer(String(i), 1n));
    await expect(calls.transferBatch(batch)).rejects.toMatchObject({ code: 'invalid_argument', definite: true });
  });
});

test('an error of the machine comes back with its code, its words and its certainty', async () => {
  const { bank, calls } = await setUp();
  bank.refusal = new SynodError('no_quorum', 'only S1 and S2 answered', { definite: false });
  const expected = { code: 'no_quorum', message: 'only S1 and S2 answered', definite: false };
  await expect(calls.transfer(transfer('t', 1n))).rejects.toMatchObject(expected);
  await expect(calls.transferBatch([transfer('t', 1n)])).resolves.toMatchObject([expected]);
  await expect(calls.attemptQueue('S1')).rejects.toMatchObject(expected);
  // Reading changes nothing, whatever goes wrong.
  await expect(calls.balance('S1')).rejects.toMatchObject({ ...expected, definite: true });
  await expect(calls.log()).rejects.toMatchObject({ ...expected, definite: true });
});

test('above the limit of transfers under way new ones are refused, below it they enter again', async () => {
  const { bank, calls } = await setUp({ maxTransfersInFlight: 2 });
  bank.hold();
  const first = calls.transferBatch(['a', 'b', 'c'].map((id) => transfer(id, 1n)));
  while (bank.commands.length < 2) await new Promise(setImmediate);
  await expect(calls.transfer(transfer('d', 1n))).rejects.toMatchObject({
    code: 'resource_exhausted',
    definite: true,
  });
  bank.release();
  expect(await first).toMatchObject([{ id: 'a' }, { id: 'b' }, { code: 'resource_exhausted' }]);
  expect(await calls.transfer(transfer('d', 1n))).toMatchObject({ status: 'local' });
});

describe('giving up', () => {
  test('nobody serves the address: definite, because nothing was sent', async () => {
    const host = await serveBank(new Bank());
    await host.close();
    const calls = opened(new LedgerConnection(host.address));
    await expect(calls.transfer(transfer('t', 1n))).rejects.toMatchObject({
      code: 'unavailable',
      definite: true,
      message: `${host.address} cannot be reached`,
    });
  });

  test('at the deadline a transfer may have happened, a reading did not', async () => {
    const { bank, calls } = await setUp();
    await calls.balance('S1'); // connected: the deadline is that of the calls alone
    bank.hold();
    await expect(calls.transfer(transfer('t', 1n), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'deadline',
      definite: false,
    });
    await expect(calls.balance('S1', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'deadline', definite: true });
  });

  test('by a signal', async () => {
    const { bank, calls } = await setUp();
    bank.hold();
    const given = new AbortController();
    const answer = calls.transfer(transfer('t', 1n), { signal: given.signal });
    const refused = expect(answer).rejects.toMatchObject({ code: 'cancelled', definite: false });
    while (bank.commands.length < 1) await new Promise(setImmediate);
    given.abort();
    await refused;
    const early = calls.transfer(transfer('t', 1n), { signal: given.signal });
    await expect(early).rejects.toMatchObject({ code: 'cancelled', definite: true });
  });

  test('by closing the connection', async () => {
    const { bank, calls } = await setUp();
    bank.hold();
    const refused = expect(calls.balance('S1')).rejects.toMatchObject({ code: 'cancelled' });
    while (bank.commands.length < 1) await new Promise(setImmediate);
    calls.close();
    await refused;
  });
});
