import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import type { ServerProcess } from '@synod/server/testing';
import { HostileClient } from './testing/hostile-client.js';
import { Workspace } from './testing/workspace.js';

/** `npm run soak`: ten times as many connections and values. */
const isSoak = process.env['npm_lifecycle_event'] === 'soak';
const connections = Number(process.env['CONNECTIONS'] ?? (isSoak ? 1_000 : 100));
const values = isSoak ? 100 : 10;
const MiB = 1024 * 1024;
const mib = (bytes: number): number => Math.round(bytes / MiB);

/** What docs/operations.md promises beyond a server at rest: its bounds together, and what waits to be collected. */
const mostMiB = 400;

/** What a well-behaved client does meanwhile. */
const operations = isSoak ? 100 : 10;

let workspace: Workspace;
let target: ServerProcess;
/** Memory of the target before the first flood, with all values written. */
let atRest: number;
let clients: HostileClient[] = [];
const keys = Array.from({ length: values }, (_, i) => `config/${i}`);

beforeAll(async () => {
  workspace = await Workspace.make();
  const nodes = workspace.ids.map((id) => workspace.spawn(id, '--quiet'));
  target = nodes[0]!;
  await workspace.untilUp(...workspace.ids);
  for (const key of keys) await workspace.at('S1').registers.write(key, Buffer.alloc(MiB, 7));
  atRest = (await target.memory()).now;
}, 600_000);
afterAll(() => workspace.close());
afterEach(closeAll);

function connectAll(): HostileClient[] {
  clients = Array.from({ length: connections }, () => new HostileClient(workspace.addressOf('S1')));
  return clients;
}

function closeAll(): void {
  for (const client of clients) client.close();
  clients = [];
}

/** Asks again when it is told that this makes sense. */
async function served<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const { code } = error as SynodError;
      if (code !== 'resource_exhausted' && code !== 'no_quorum') throw error;
    }
  }
}

/** A client that reads what it asks for is served by the same server. */
async function workOn(): Promise<void> {
  const { registers } = workspace.at('S1');
  for (let i = 0; i < operations; i++) {
    const value = Buffer.from(`${i}`);
    await served(() => registers.write('shared', value));
    expect(await served(() => registers.read('shared'))).toMatchObject({ value });
  }
}

const floods: [string, (client: HostileClient) => void][] = [
  ['connections that say nothing', () => {}],
  ['messages that are never finished', (client) => client.sendHalves(8)],
  ['nonsense', (client) => client.sendNonsense()],
  ['readers of large values who read nothing', (client) => client.readNothing(keys, 5)],
];

test.each(floods)(
  `${connections} connections, %s: memory stays bounded, others are served, and it can be done again`,
  async (what, flood) => {
    for (let round = 0; round < 2; round++) {
      for (const client of connectAll()) flood(client);
      await workOn();
      closeAll();
    }
    const { most, now } = await target.memory();
    if (isSoak) process.stdout.write(`${what}: at most ${mib(most)} MiB, then ${mib(now)}\n`);
    expect(mib(most - atRest)).toBeLessThan(mostMiB);
    const { value } = await served(() => workspace.at('S1').registers.read(keys[0]!));
    expect(value).toHaveLength(MiB);
  },
  600_000,
);
