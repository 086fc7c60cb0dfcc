import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LedgerAudit, type LedgerBlock, type TransferCommand } from '@synod/ledger';
import { firstReport, type ServerProcess } from '@synod/server/testing';
import { ServerConnection } from '@synod/transport/client';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
let processes: Map<string, ServerProcess>;
let calls: Map<string, ServerConnection>;
/** Is told every answer when it is given, and the chain after each replacement. */
let audit: LedgerAudit;
beforeEach(async () => {
  workspace = await Workspace.make(5);
  const { servers, ledger } = workspace.cluster;
  processes = new Map(servers.map(({ id }) => [id, workspace.spawn(id)]));
  calls = new Map(servers.map(({ id, address }) => [id, workspace.keep(new ServerConnection(address))]));
  audit = new LedgerAudit(ledger.accounts);
  await workspace.untilUp(...processes.keys());
});
afterEach(() => workspace.close());

const at = (id: string): ServerConnection => calls.get(id)!;

/** Transfers at the home of `from`, which has its name. */
async function transfer(
  id: string,
  [from, to, amount]: [from: string, to: string, amount: bigint],
  options: Partial<TransferCommand> = {},
): Promise<string> {
  const value = { id, from, to, amount };
  const usual = { short: 'queue', durability: 'local', gather: undefined } as const;
  const outcome = await at(from).ledger.transfer({ type: 'transfer', transfer: value, ...usual, ...options });
  if (outcome.status === 'rejected') audit.refused(value);
  else audit.acknowledged({ owner: from, sequence: outcome.sequence, value });
  return brief(outcome);
}

async function untilTakesPart(id: string): Promise<void> {
  const isUp = ({ status }: { status: { ready: boolean; connected: readonly string[] } }): boolean =>
    status.ready && status.connected.length === 4;
  await firstReport((options) => at(id).ledger.watchStatus(options), isUp);
}

async function chainAt(id: string): Promise<LedgerBlock[]> {
  const blocks: LedgerBlock[] = [];
  for await (const block of at(id).ledger.blocks({ from: 1 })) blocks.push(block);
  return blocks;
}

async function loseDisk(id: string): Promise<void> {
  await processes.get(id)!.kill();
  await rm(workspace.dataOf(id), { recursive: true });
}

async function replace(id: string, asked: string): Promise<void> {
  const next = await workspace.successor(id);
  processes.set(id, await next.start());
  await next.replace(at(asked).admin);
  calls.set(id, next.calls);
  await untilTakesPart(id);
  for (const block of await chainAt(id)) audit.committed(id, block);
}

/** What all of them hold, once they all hold the same chain and nobody's log has anything. */
async function auditAll(): Promise<readonly string[]> {
  const height = Math.max(...(await Promise.all([...calls.keys()].map(async (id) => (await chainAt(id)).length))));
  const holdings = [...calls].map(async ([id, { ledger }]) => {
    await firstReport(
      (options) => ledger.watchStatus(options),
      ({ status }) => status.height === height,
    );
    for (const block of await chainAt(id)) audit.committed(id, block);
    const { entries } = await ledger.log();
    const { balances } = await ledger.balanceMap();
    return [
      id,
      { height, log: entries, balances: new Map(balances.map(({ account, spendable }) => [account, spendable])) },
    ] as const;
  });
  audit.ended(new Map(await Promise.all(holdings)));
  return audit.problems;
}

test('what a lost disk answered and no block holds is lost, its money is there again, and all else is executed once, on one chain', async () => {
  expect(await transfer('kept', ['S4', 'S1', 10n], { durability: 'committed' })).toBe('kept local 1');
  expect(await transfer('refused', ['S4', 'S3', 300n], { short: 'reject' })).toBe('refused rejected 0');
  expect(await transfer('lost', ['S4', 'S2', 20n])).toBe('lost local 2');
  expect(await transfer('on S2', ['S2', 'S5', 30n])).toBe('on S2 local 1');
  await loseDisk('S4');
  expect(await transfer('of S2', ['S5', 'S1', 120n])).toBe('of S2 consensus 1');
  await replace('S4', 'S2');

  expect(await transfer('kept', ['S4', 'S1', 10n])).toBe('kept consensus 1');
  expect(await transfer('all', ['S4', 'S3', 90n])).toBe('all local 2');
  expect(await transfer('lost', ['S4', 'S2', 20n], { short: 'reject' })).toBe('lost rejected 0');
  expect(await transfer('everything', ['S1', 'S2', 230n], { durability: 'committed' })).toBe('everything local 1');
  expect(await auditAll()).toEqual([]);
});

test('servers are replaced one after another until none of the first disks is left, and what was in blocks is kept', async () => {
  const ids = [...calls.keys()];
  for (const [i, id] of ids.entries()) {
    const [to, asked] = [ids[(i + 1) % 5]!, ids[(i + 2) % 5]!];
    const ordered = { durability: 'committed' } as const;
    expect(await transfer(`kept of ${id}`, [id, to, 10n], ordered)).toBe(`kept of ${id} local 1`);
    expect(await transfer(`lost of ${id}`, [id, to, 1n])).toBe(`lost of ${id} local 2`);
    await loseDisk(id);
    await replace(id, asked);
    expect(await transfer(`lost of ${id}`, [id, to, 1n], ordered)).toBe(`lost of ${id} local 2`);
  }
  expect(await auditAll()).toEqual([]);
  const { balances } = await at('S5').ledger.balanceMap();
  expect(balances.map(({ committed }) => committed)).toEqual([100n, 100n, 100n, 100n, 100n]);
});
