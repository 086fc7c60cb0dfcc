import { rm } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import { checkHistory, checkTags } from '@synod/linearizability';
import type { ServerProcess } from '@synod/server/testing';
import type { RegisterConnection, ServerConnection } from '@synod/transport/client';
import { RecordedTraffic } from './testing/recorded-traffic.js';
import { Workspace } from './testing/workspace.js';

/** What clients use; reads of it heal nodes that lack something. */
const keys = ['config/colour', 'config/size', 'shared'];

/** Written once at the beginning, and not read before the end. */
const [keptKey, kept] = ['config/kept', Buffer.from('from the beginning')];

type RecordedClient = ReturnType<RecordedTraffic['add']>;

let workspace: Workspace;
let processes: Map<string, ServerProcess>;
let traffic: RecordedTraffic;
let clients: Map<string, RecordedClient>;
async function startAll(nodes: number): Promise<void> {
  workspace = await Workspace.make({ nodes });
  processes = new Map(workspace.ids.map((id) => [id, workspace.spawn(id)]));
  await workspace.untilUp(...workspace.ids);
  await workspace.at('S1').registers.write(keptKey, kept);
  traffic = new RecordedTraffic();
  clients = new Map();
  for (const id of workspace.ids) join(id, workspace.at(id).registers);
  await clientsGoOn();
}
afterEach(async () => {
  await traffic.stop();
  await workspace.close();
});

/** A client of this node: it reads every register, and writes those that the node may. */
function join(id: string, registers: RegisterConnection): void {
  clients.set(id, traffic.add(registers, { reads: keys, writes: id === 'S1' ? keys : ['shared'] }));
}

async function clientsGoOn(): Promise<void> {
  await Promise.all([...clients.values()].map((client) => client.goesOn()));
}

async function kill(id: string): Promise<void> {
  const left = clients.get(id)!.leave();
  clients.delete(id);
  await processes.get(id)!.kill();
  await left;
}

/** Its disk is gone, too. */
async function replace(id: string, asked: ServerConnection): Promise<ServerConnection> {
  await rm(workspace.dataOf(id), { recursive: true });
  const next = await workspace.successor(id);
  processes.set(id, await next.start());
  await next.replace(asked.admin);
  await workspace.untilTakesPart(next);
  join(id, next.calls.registers);
  return next.calls;
}

async function restart(id: string): Promise<void> {
  await kill(id);
  await clientsGoOn();
  processes.set(id, workspace.spawn(id));
  await workspace.until(id, ({ ready }) => ready);
  join(id, workspace.at(id).registers);
}

/** Nothing that was acknowledged is missing: the last reads belong to the history as well. `asked`: any node. */
async function expectLinearizable(asked: ServerConnection): Promise<void> {
  await clientsGoOn();
  await traffic.stop();
  const { verdict, keys: found } = checkHistory(traffic.history);
  expect(found.map(({ explanation }) => explanation).join('')).toBe('');
  expect(verdict).toBe('linearizable');
  expect(checkTags(traffic.history).violations).toEqual([]);
  expect((await asked.registers.read(keptKey)).value).toEqual(kept);
}

test('a dead node is replaced and each other one restarted, and all that clients saw meanwhile is linearizable', async () => {
  await startAll(5);
  await kill('S4');
  const next = await replace('S4', workspace.at('S2'));
  for (const id of ['S1', 'S2', 'S3', 'S5']) {
    await clientsGoOn();
    await restart(id);
  }
  await clientsGoOn();
  for (const id of ['S2', 'S3']) await kill(id);
  await clientsGoOn(); // three of five, the new one among them
  await expectLinearizable(next);
});

test('nodes are replaced one after another until none of the first disks is left, and nothing is lost', async () => {
  await startAll(3);
  let asked = workspace.at('S1');
  for (const id of ['S3', 'S1', 'S2']) {
    await kill(id);
    await clientsGoOn();
    asked = await replace(id, asked);
    await clientsGoOn();
  }
  await expectLinearizable(asked);
});
