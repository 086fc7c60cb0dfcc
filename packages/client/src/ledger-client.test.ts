import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { connect } from './connect.js';
import { clusters } from './testing/cluster.js';

const cluster = clusters(afterEach);

describe('a transfer', () => {
  test('goes to the home of its account, found without being told', async () => {
    const { banks, client } = await cluster();
    const outcome = await client().ledger.transfer({ id: 't', from: 'S2', to: 'S1', amount: 45n });
    expect(outcome).toMatchObject({ id: 't', status: 'local', sequence: 1 });
    expect(banks[1]!.log).toMatchObject([{ value: { id: 't', from: 'S2', to: 'S1', amount: 45n } }]);
    expect(banks[0]!.log).toEqual([]);
  });

  test('has a random id, the policy queue and local durability unless told otherwise', async () => {
    const { banks, client } = await cluster(1);
    const { ledger } = client();
    await ledger.transfer({ from: 'S1', to: 'S1', amount: 1n });
    await ledger.transfer(
      { from: 'S1', to: 'S1', amount: 1n },
      { short: 'reject', durability: 'committed', gather: ['S1'] },
    );
    const made = banks[0]!.commands.filter(({ type }) => type === 'transfer');
    expect(made).toMatchObject([
      { short: 'queue', durability: 'local', gather: undefined },
      { short: 'reject', durability: 'committed', gather: ['S1'] },
    ]);
    const ids = made.map((command) => 'transfer' in command && command.transfer.id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the homes are asked for once, however many ask at once', async () => {
    const { banks, client } = await cluster();
    const { ledger } = client();
    await Promise.all(
      ['S1', 'S2', 'S3', 'S1'].map((from, i) => ledger.transfer({ id: `t${i}`, from, to: 'S1', amount: 1n })),
    );
    await ledger.transfer({ from: 'S3', to: 'S1', amount: 1n });
    const maps = banks.flatMap(({ commands }) => commands.filter(({ type }) => type === 'balance-map'));
    expect(maps).toHaveLength(1);
  });

  test('follows an account that has moved', async () => {
    const { banks, client } = await cluster();
    const { ledger } = client();
    await ledger.transfer({ from: 'S1', to: 'S2', amount: 1n });
    // S1 and S2 agree that S2 executes S1's account from now on.
    for (const bank of banks) Object.assign(bank.homes, { S1: 'S2' });
    await ledger.transfer({ id: 'moved', from: 'S1', to: 'S3', amount: 1n });
    expect(banks[1]!.log).toMatchObject([{ value: { id: 'moved' } }]);
    expect(await ledger.balance('S1')).toMatchObject({ home: 'S2' });
  });

  test('that no server takes is refused instead of being sent round for ever', async () => {
    const { banks, addresses, client } = await cluster(2);
    const { ledger } = client({
      servers: [
        { id: 'S2', address: addresses[0]! },
        { id: 'S1', address: addresses[1]! },
      ],
    });
    await expect(ledger.transfer({ from: 'S1', to: 'S2', amount: 1n })).rejects.toMatchObject({
      code: 'wrong_home',
      definite: true,
    });
    expect(banks[1]!.commands.filter(({ type }) => type === 'transfer').length).toBeLessThan(6);
  });

  test.each([
    [{ from: 'S1', to: 'S2', amount: 0n }, 'invalid_argument'],
    [{ from: 'S1', to: 'S2', amount: -1n }, 'invalid_argument'],
    [{ from: 'S1', to: 'S2', amount: 2n ** 64n }, 'invalid_argument'],
    [{ from: 'S1', to: 'S2', amount: 5 as unknown as bigint }, 'invalid_argument'],
    [{ id: '', from: 'S1', to: 'S2', amount: 1n }, 'invalid_argument'],
    [{ from: 'S1', to: '\uD800', amount: 1n }, 'invalid_argument'],
    [{ from: 'nobody', to: 'S2', amount: 1n }, 'unknown_account'],
  ])('%p is refused: %s', async (transfer, code) => {
    const { client } = await cluster(2);
    await expect(client().ledger.transfer(transfer)).rejects.toMatchObject({ code, definite: true });
  });
});

test('a batch over all homes answers each transfer by itself, in order', async () => {
  const { client } = await cluster();
  const results = await client().ledger.transferBatch([
    { id: 'a', from: 'S3', to: 'S1', amount: 1n },
    { id: 'b', from: 'nobody', to: 'S1', amount: 1n },
    { id: 'c', from: 'S1', to: 'S2', amount: 101n },
    { id: 'd', from: 'S2', to: 'S1', amount: 1n },
  ]);
  expect(results).toMatchObject([
    { id: 'a', status: 'local' },
    { code: 'unknown_account', definite: true },
    { id: 'c', status: 'pending' },
    { id: 'd', status: 'local' },
  ]);
  expect(results[1]).toBeInstanceOf(SynodError);
  expect(await client().ledger.transferBatch([])).toEqual([]);
});

test('transfers of one turn travel in one frame', async () => {
  const { banks, client } = await cluster(1);
  const bank = banks[0]!;
  const { ledger } = client();
  await ledger.transfer({ from: 'S1', to: 'S1', amount: 1n });
  let turn = 0;
  const turns = new Set<number>();
  const invoke = bank.invoke.bind(bank);
  bank.invoke = (command, done) => {
    turns.add(turn);
    invoke(command, done);
  };
  let next = setImmediate(function tick() {
    turn++;
    next = setImmediate(tick);
  });
  await Promise.all(Array.from({ length: 300 }, () => ledger.transfer({ from: 'S1', to: 'S1', amount: 1n })));
  clearImmediate(next);
  expect(turns.size).toBe(1);
});

describe('inspection', () => {
  test('by id or by address', async () => {
    const { addresses, client } = await cluster();
    const { ledger } = client();
    await ledger.transfer({ id: 't', from: 'S2', to: 'S1', amount: 5n });
    expect(await ledger.log('S2')).toMatchObject({ server: 'S2', entries: [{ owner: 'S2', sequence: 1 }] });
    expect(await ledger.log(addresses[1]!)).toMatchObject({ server: 'S2' });
    expect(await ledger.status('S3')).toMatchObject({ status: { server: 'S3', height: 0 } });
    expect(await ledger.balance('S2')).toMatchObject({ home: 'S2', spendable: 95n });
    expect(await ledger.balanceMap('S3')).toMatchObject({ server: 'S3' });
    expect(await ledger.balanceMap()).toMatchObject({ server: 'S1' });
  });

  test('an unknown server is named, with those that there are', async () => {
    const { client } = await cluster(2);
    await expect(client().ledger.log('S7')).rejects.toMatchObject({
      code: 'unknown_server',
      message: "there is no server 'S7'; there are S1, S2",
    });
  });

  test('blocks and statuses come as they are', async () => {
    const { banks, client } = await cluster(1);
    const bank = banks[0]!;
    const { ledger } = client();
    await ledger.transfer({ from: 'S1', to: 'S1', amount: 1n });
    const watch = new AbortController();
    const heights: number[] = [];
    for await (const { status } of ledger.watchStatus('S1', watch.signal)) {
      heights.push(status.height);
      if (heights.length === 1) bank.commit();
      else watch.abort();
    }
    expect(heights).toEqual([0, 1]);
    for await (const block of ledger.blocks('S1')) expect(block).toEqual(bank.blocks[0]);
    expect.assertions(2);
  });

  test('a queue is attempted at the home of its account', async () => {
    const { banks, client } = await cluster(2);
    expect(await client().ledger.attemptQueue('S2', ['S1'])).toEqual({ executed: [], height: 0 });
    expect(banks[1]!.commands.at(-1)).toEqual({ type: 'attempt-queue', account: 'S2', gather: ['S1'] });
  });
});

test('options that can never work are refused at once', () => {
  expect(() => connect({ servers: [] })).toThrow('servers: at least one is needed');
  expect(() => connect({ servers: ['S1'] })).toThrow("servers: 'S1' is not host:port");
});
