import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, SynodError, type TransferOutcome } from '@synod/client';
import type { ShortPolicy, Transfer } from '@synod/ledger';
import type { LocalCluster } from './local-cluster/local-cluster.js';
import { auditCluster } from './testing/audit-cluster.js';
import { temporaryCluster, type TemporaryCluster } from './local-cluster/temporary-cluster.js';

let temporary: TemporaryCluster;
let cluster: LocalCluster;
afterAll(() => temporary?.close());

/** Each account holds 100; the sink holds nothing. */
const accounts = ['queue-clients', 'queue-batch', 'reject-clients', 'reject-batch'];
beforeAll(async () => {
  temporary = await temporaryCluster(3, {
    accounts: [
      ...accounts.map((id) => ({ id, home: 'S1', initial: 100 })),
      { id: 'sink', home: 'S2', initial: 0 },
      { id: 'rich', home: 'S1', initial: 1_000_000 },
      { id: 'poor', home: 'S2', initial: 0 },
    ],
  });
  cluster = temporary.local;
});

const outcomeOf = (result: TransferOutcome | SynodError): TransferOutcome => {
  if (result instanceof SynodError) throw result;
  return result;
};

/** Fifty transfers of all that the account holds. */
const greedy = (from: string): Transfer[] =>
  Array.from({ length: 50 }, (_, i) => ({ id: `${from}-${i + 1}`, from, to: 'sink', amount: 100n }));

async function fromClients(transfers: readonly Transfer[], short: ShortPolicy): Promise<TransferOutcome[]> {
  const clients = Array.from({ length: 8 }, () => connect({ servers: cluster.cluster.servers }));
  try {
    return await Promise.all(transfers.map((one, i) => clients[i % clients.length]!.ledger.transfer(one, { short })));
  } finally {
    for (const client of clients) client.close();
  }
}

async function asBatch(transfers: readonly Transfer[], short: ShortPolicy): Promise<TransferOutcome[]> {
  return (await cluster.ledger.transferBatch(transfers, { short })).map(outcomeOf);
}

/** First: with a queue somewhere, a round of its own would come in between. */
test('a block of 100,000 transfers is committed everywhere', async () => {
  const transfers = Array.from({ length: 100_000 }, (_, i) => ({ id: `r${i}`, from: 'rich', to: 'poor', amount: 1n }));
  const told = await cluster.ledger.transferBatch(transfers, { timeoutMs: 120_000 });
  expect(new Set(told.map((result) => outcomeOf(result).status))).toEqual(new Set(['local']));
  const { height } = await cluster.ledger.status('S2').then(({ status }) => status);
  const all = { id: 'all', from: 'poor', to: 'rich', amount: 100_000n };
  // A log that long takes its time: the round has to wait for it.
  const outcome = await cluster.ledger.transfer(all, { gather: cluster.servers, timeoutMs: 120_000 });
  expect(outcome).toMatchObject({ status: 'consensus' });
  await cluster.board.until(cluster.servers, ({ status }) => status.height > height, 'commit', 60_000);
  const sizes = new Set<number>();
  for (const server of cluster.servers) {
    for await (const block of cluster.ledger.blocks(server, { from: height + 1, limit: 1 }))
      sizes.add(block.entries.length);
  }
  expect(sizes.size).toBe(1);
  expect([...sizes][0]).toBeGreaterThanOrEqual(100_000);
  expect(await auditCluster(cluster, { executed: [], refused: [] })).toEqual([]);
}, 240_000);

describe('fifty transfers of the whole balance: exactly one is executed, the others are accounted for by their ids', () => {
  test.each([
    { account: 'queue-clients', short: 'queue' as const, others: 'pending', send: fromClients },
    { account: 'queue-batch', short: 'queue' as const, others: 'pending', send: asBatch },
    { account: 'reject-clients', short: 'reject' as const, others: 'rejected', send: fromClients },
    { account: 'reject-batch', short: 'reject' as const, others: 'rejected', send: asBatch },
  ])('$account, before and after SIGKILL', async ({ account, short, others, send }) => {
    const transfers = greedy(account);
    const told = await send(transfers, short);
    expect(told.map(({ id }) => id)).toEqual(transfers.map(({ id }) => id));
    const executed = told.filter(({ sequence }) => sequence > 0);
    expect(executed).toHaveLength(1);
    expect(told.filter(({ status }) => status === others)).toHaveLength(49);
    if (short === 'queue') {
      const { pending } = await cluster.ledger.log('S1');
      const waiting = pending.filter(({ from }) => from === account).map(({ id }) => id);
      expect(waiting.sort()).toEqual(
        told
          .filter(({ status }) => status === 'pending')
          .map(({ id }) => id)
          .sort(),
      );
    }

    await cluster.crash('S1');
    await cluster.restart('S1');
    const again = await asBatch(transfers, short);
    const fate = ({ id, status, sequence }: TransferOutcome) => `${id} ${status} ${sequence}`;
    expect(again.map(fate)).toEqual(told.map(fate));
    expect(await cluster.ledger.balance(account)).toMatchObject({ spendable: 0n });
    const find = (one: TransferOutcome) => transfers.find(({ id }) => id === one.id)!;
    const problems = await auditCluster(cluster, {
      executed: executed.map((one) => ({ owner: 'S1', sequence: one.sequence, value: find(one) })),
      refused: told.filter(({ status }) => status === 'rejected').map(find),
    });
    expect(problems).toEqual([]);
  });
});
