import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SynodError, type NodeId } from '@synod/kernel';
import type { AdminConnection } from '@synod/transport/client';
import { LocalCluster } from './local-cluster/local-cluster.js';
import { auditCluster } from './testing/audit-cluster.js';
import { seededRandom } from './testing/random-file.js';
import { temporaryCluster, temporaryFolder, type TemporaryCluster } from './local-cluster/temporary-cluster.js';
import { Tellers } from './torture/tellers.js';

/** How long a failpoint may take to be reached before it counts as never hit. */
const patienceMs = 60_000;

const seed = Number(process.env['SEED'] ?? 20_260_101);

/** Servers write what these are about when they meet for the first time. */
const firstMeetings = ['introduce', 'acquainted'].flatMap((type) =>
  ['before-write', 'after-write', 'after-release'].map((point) => `${type}:${point}`),
);

test.each(firstMeetings)('a new cluster whose servers are killed at %s starts from what they left', async (name) => {
  const { options, remove } = await temporaryFolder(3, {});
  try {
    const killed = LocalCluster.start({ ...options, serverFlags: ['--failpoint', name] });
    await expect(killed).rejects.toThrow('could not start: signal SIGKILL');
    const local = await LocalCluster.start(options);
    try {
      const transfer = { id: 't', from: 'S1', to: 'S2', amount: 100n };
      const outcome = await local.ledger.transfer(transfer, { durability: 'committed' });
      expect(outcome).toMatchObject({ status: 'local', committed: true });
      await local.reached(1, local.servers);
      expect(
        await auditCluster(local, { executed: [{ owner: 'S1', sequence: 1, value: transfer }], refused: [] }),
      ).toEqual([]);
    } finally {
      await local.stop();
    }
  } finally {
    await remove();
  }
});

describe(`servers that are killed while clients transfer (SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  let temporary: TemporaryCluster;
  let cluster: LocalCluster;
  let tellers: Tellers;
  beforeAll(async () => {
    temporary = await temporaryCluster(3, { initial: 300 }, { serverFlags: ['--snapshot-entries', '16'] });
    cluster = temporary.local;
    tellers = new Tellers({ cluster: cluster.cluster, clients: 16, seed });
  });
  afterAll(async () => {
    tellers?.close();
    await temporary?.close();
  });

  /** Nothing is under way any more, everybody is up and holds the same blocks; then the books are checked. */
  async function expectSoundBooks(): Promise<void> {
    await tellers.stop();
    for (const server of cluster.servers) await ifAlive(server, (admin) => admin.setLinks(undefined));
    await restart(cluster.servers.filter((server) => !cluster.isRunning(server)));
    await cluster.settle(cluster.servers);
    await tellers.askAgain();
    await cluster.board.until(
      cluster.servers,
      ({ status }) => !status.round && status.undecided === 0,
      'come to rest',
      20_000,
    );
    await cluster.settle(cluster.servers);
    expect(await auditCluster(cluster, tellers)).toEqual([]);
    expect(tellers.contradictions).toEqual([]);
  }

  /** All at once: to start takes longer than what is tested. */
  async function restart(servers: readonly NodeId[]): Promise<void> {
    await Promise.all(servers.map((server) => cluster.restart(server)));
  }

  /** Arms one point on each server, and makes trouble until each of them was killed there; then it is started again. */
  async function killEachAt(points: ReadonlyMap<NodeId, string>, hits: Map<string, number>): Promise<void> {
    const open = new Map(points);
    for (const [server, name] of open) {
      await ifAlive(server, (admin) => admin.setFailpoint({ name, action: 'kill', hits: 1 }));
    }
    const deadline = performance.now() + patienceMs;
    while (open.size > 0 && performance.now() < deadline) {
      await pick([calm, cutOff])();
      const killed = cluster.servers.filter((server) => !cluster.isRunning(server));
      for (const server of killed) {
        const name = open.get(server);
        if (name !== undefined) hits.set(name, hits.get(name)! + 1);
        open.delete(server);
      }
      await restart(killed);
    }
    for (const [server, name] of open) {
      await ifAlive(server, (admin) => admin.setFailpoint({ name, action: 'off', hits: 0 }));
    }
  }

  /** What is asked of a server that is killed meanwhile fails, and is of no interest. */
  async function ifAlive(server: NodeId, ask: (admin: AdminConnection) => Promise<void>): Promise<void> {
    if (!cluster.isRunning(server)) return;
    await ask(cluster.admin(server)).catch((error: unknown) => {
      if (!(error instanceof SynodError)) throw error;
    });
  }

  /** Clients make rounds, contend, and find no money. */
  async function calm(): Promise<void> {
    await pause(100);
  }

  /** A server misses blocks and fetches them. */
  async function cutOff(): Promise<void> {
    const server = pick(cluster.servers);
    await ifAlive(server, (admin) => admin.setLinks([]));
    await pause(150);
    await ifAlive(server, (admin) => admin.setLinks(undefined));
  }

  test('at every failpoint of a cluster that runs', async () => {
    const all = (await cluster.admin('S1').failpoints()).map(({ name }) => name);
    expect(all).toEqual(expect.arrayContaining([...firstMeetings]));
    const names = all.filter((name) => !firstMeetings.includes(name));
    const types = [...new Set(names.map((name) => name.split(':')[0]!))];
    const hits = new Map(names.map((name) => [name, 0]));
    tellers.start();
    for (const type of types) {
      const points = names.filter((name) => name.startsWith(`${type}:`));
      expect(points).toHaveLength(cluster.servers.length);
      const armed = new Map(cluster.servers.map((server, i) => [server, points[i]!]));
      await killEachAt(armed, hits);
    }
    await expectSoundBooks();
    console.log([...hits].map(([name, n]) => `${name} ${n}`).join(', '), `${tellers.made} transfers`);
    expect([...hits].filter(([, n]) => n === 0)).toEqual([]);
  }, 300_000);

  test('at random moments', async () => {
    tellers.start();
    for (let i = 0; i < 8; i++) {
      await pause(random() * 250);
      const victims = cluster.servers.filter(() => random() < 0.5);
      await Promise.all(victims.map((server) => cluster.crash(server)));
      await pause(random() * 100);
      await restart(victims);
    }
    await expectSoundBooks();
  }, 120_000);
});
