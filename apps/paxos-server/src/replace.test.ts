import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import { firstReport, type ServerProcess, type Successor } from '@synod/server/testing';
import { brief, Workspace } from './testing/workspace.js';

const names = ['S1', 'S2', 'S3', 'S4', 'S5'];
const others = ['S1', 'S2', 'S3', 'S5'];

let workspace: Workspace;
let processes: Map<string, ServerProcess>;
beforeEach(async () => {
  workspace = await Workspace.make(names.length);
  processes = new Map(names.map((id) => [id, workspace.spawn(id)]));
  await workspace.untilUp(...names);
});
afterEach(() => workspace.close());

async function takesPart({ calls }: Successor): Promise<void> {
  await firstReport(
    (options) => calls.ledger.watchStatus(options),
    ({ status }) => status.ready,
  );
}

/** A transfer of S4 at the new one; answered when a block holds it. */
function transferAt({ calls }: Successor, id: string, amount: bigint) {
  const transfer = { id, from: 'S4', to: 'S1', amount };
  return calls.ledger.transfer({
    type: 'transfer',
    transfer,
    short: 'queue',
    durability: 'committed',
    gather: undefined,
  });
}

test('a dead server is replaced while the others go on, also when all start again with the old cluster.yaml', async () => {
  expect(brief(await workspace.transfer('S4', 'S1', 10n, { id: 'kept', durability: 'committed' }))).toBe(
    'kept local 1',
  );
  expect(brief(await workspace.transfer('S4', 'S1', 20n, { id: 'lost' }))).toBe('lost local 2');
  await processes.get('S4')!.kill();
  await rm(workspace.dataOf('S4'), { recursive: true });
  expect(brief(await workspace.transfer('S1', 'S2', 105n))).toBe('S1-S2-105 local 1');

  const next = await workspace.successor('S4');
  const process = await next.start();
  expect(await next.calls.node.describe()).toMatchObject({ server: 'S4', waits: true });
  await expect(transferAt(next, 'early', 1n)).rejects.toMatchObject({ code: 'not_ready' });
  const replaced = await next.replace(workspace.admin('S2'));
  expect(replaced).toEqual({ type: 'block', height: 2, sequence: 1 });
  expect(await next.replace(workspace.admin('S3'))).toEqual(replaced); // repeated, elsewhere
  await workspace.until('S1', ({ status }) => status.connected.join() === 'S2,S3,S4,S5');
  await takesPart(next);

  // What a block holds is known, what it does not is lost: the money is there again.
  expect(brief(await transferAt(next, 'kept', 10n))).toBe('kept consensus 1');
  expect(brief(await transferAt(next, 'after', 90n))).toBe('after local 2');
  expect((await workspace.node('S5').describe()).servers).toContainEqual({ id: 'S4', address: next.address });

  for (const id of others) await processes.get(id)!.kill();
  await process.kill();
  for (const id of others) workspace.spawn(id);
  await next.start();
  await takesPart(next);
  for (const id of others) await workspace.until(id, ({ status }) => status.connected.length === 4);
  expect(brief(await transferAt(next, 'again', 1n))).toBe('again pending 0');
});

test('a server that was only cut off is turned away for good when it comes back', async () => {
  await Promise.all(others.map((id) => workspace.admin(id).disconnect(['S4'])));
  const next = await workspace.successor('S4');
  await next.start();
  await next.replace(workspace.admin('S1'));
  expect(brief(await workspace.transfer('S4', 'S1', 20n))).toBe('S4-S1-20 local 1'); // nobody has told it yet
  await Promise.all(others.map((id) => workspace.admin(id).connect(['S4'])));
  expect(await processes.get('S4')!.exit).toEqual({ code: 4, signal: null });
  expect(processes.get('S4')!.stderr).toMatch(
    /^synod-paxos-server: S4 was replaced (in block 1 )?by disk [0-9a-f]{16} at .*\n$/,
  );
  await takesPart(next);
  expect(brief(await transferAt(next, 'S4-S1-20', 20n))).toBe('S4-S1-20 local 1');
});

test('what can not be replaced is refused in one line', async () => {
  const [disk, address] = ['00000000000000c4', '127.0.0.1:1'];
  const refused = (asked: string, server: string, more: { disk?: string; address?: string } = {}) =>
    workspace
      .admin(asked)
      .replace({ server, disk, address, ...more })
      .catch(({ code, message }: SynodError) => `${code}: ${message}`);
  expect(await refused('S1', 'S9')).toBe('unknown_server: there is no server "S9": write S1, S2, S3, S4, S5');
  expect(await refused('S4', 'S4')).toBe(
    'invalid_argument: S4 does not propose its own replacement: ask another server',
  );
  expect(await refused('S1', 'S4', { address: 'nowhere' })).toBe(
    'invalid_argument: address: "nowhere" is not host:port, for example 127.0.0.1:7001',
  );
  expect(await refused('S1', 'S4', { address: workspace.addressOf('S5') })).toBe(
    `invalid_argument: address: ${workspace.addressOf('S5')} is that of S5`,
  );
});
