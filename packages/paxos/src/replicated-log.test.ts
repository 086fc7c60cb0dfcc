import { describe, expect, test } from '@jest/globals';
import { MemoryNetwork, MemoryStorage, NodeLoop, systemClock } from '@synod/kernel';
import type { PaxosMessage } from './messages.js';
import { replicatedLog, type LogProtocol } from './replicated-log.js';
import { Cluster } from './testing/cluster.js';
import { genesis, textCodec } from './testing/text-codec.js';

type Result = LogProtocol<string>['result'];

test('three nodes in one process: what is appended on one is read on all, and handed to each in order', async () => {
  const members = ['S1', 'S2', 'S3'];
  const network = new MemoryNetwork<PaxosMessage<string>>();
  const seen = new Map<string, string[]>(members.map((self) => [self, []]));
  let everywhere: () => void = () => {};
  const applied = new Promise<void>((resolve) => (everywhere = resolve));
  const nodes = await Promise.all(
    members.map((self) =>
      NodeLoop.open({
        self,
        definition: replicatedLog({
          self,
          members,
          genesis,
          codec: textCodec,
          random: Math.random,
          onBlock: ({ entries }) => {
            seen.get(self)!.push(...entries.map(({ value }) => value));
            if ([...seen.values()].every((values) => values.length === 3)) everywhere();
          },
        }),
        storage: new MemoryStorage(),
        transport: network.transport(self),
        clock: systemClock,
        onFatal: (error) => {
          throw error;
        },
      }),
    ),
  );
  const ask = (node: number, command: LogProtocol<string>['command']) =>
    new Promise<Result>((resolve) => nodes[node]!.invoke(command, resolve));
  for (const value of ['a', 'b', 'c']) {
    expect((await ask(0, { type: 'append', value })).type).toBe('appended');
  }
  await applied;
  for (const node of [0, 1, 2]) {
    const answer = await ask(node, { type: 'read', from: 1 });
    expect(answer.type === 'blocks' && answer.blocks.flatMap(({ entries }) => entries)).toEqual([
      { owner: 'S1', sequence: 1, value: 'a' },
      { owner: 'S1', sequence: 2, value: 'b' },
      { owner: 'S1', sequence: 3, value: 'c' },
    ]);
  }
  expect([...seen.values()]).toEqual(members.map(() => ['a', 'b', 'c']));
  await Promise.all(nodes.map((node) => node.stop()));
});

describe('an append', () => {
  test('of which many wait shares their round', () => {
    const cluster = new Cluster({ seed: 1, servers: 3 });
    for (let i = 0; i < 50; i++) cluster.append('S1');
    cluster.simulation.runUntil(() => cluster.acknowledged.length === 50, { within: 500 });
    expect(cluster.witness.chosen.size).toBeLessThanOrEqual(3);
  });

  test('without a majority ends with an unknown outcome; it may be committed later, once', () => {
    const cluster = new Cluster({ seed: 2, servers: 3 });
    cluster.simulation.partition([['S1'], ['S2', 'S3']]);
    const answer = cluster.ask('S1', { type: 'append', value: 'maybe' });
    expect(answer.type === 'error' && [answer.error.code, answer.error.definite]).toEqual(['no_quorum', false]);
    cluster.simulation.heal();
    cluster.ask('S2', { type: 'append', value: 'later' });
    cluster.settle(5000);
    const values = cluster.chain('S3').flatMap(({ entries }) => entries.map(({ value }) => value));
    expect(values.filter((value) => value === 'maybe')).toEqual(['maybe']);
  });

  test('on a server that enough others do not know yet is refused for certain', () => {
    const cluster = new Cluster({ seed: 3, servers: 3, reach: ['S1', 'S2'] });
    const answer = cluster.ask('S1', { type: 'append', value: 'early' });
    expect(answer.type === 'error' && [answer.error.code, answer.error.definite]).toEqual(['not_ready', true]);
  });
});

describe('a read', () => {
  test.each([0, -1, 1.5, Number.NaN])('from height %p is refused', (from) => {
    const answer = new Cluster({ seed: 4, servers: 1 }).ask('S1', { type: 'read', from });
    expect(answer.type === 'error' && answer.error.code).toBe('invalid_argument');
  });

  test('above the head finds no blocks, and says how high the chain is', () => {
    const cluster = new Cluster({ seed: 5, servers: 1 });
    cluster.ask('S1', { type: 'append', value: 'a' });
    expect(cluster.ask('S1', { type: 'read', from: 2 })).toEqual({ type: 'blocks', height: 1, blocks: [] });
  });
});

test('a server alone is its own majority', () => {
  const cluster = new Cluster({ seed: 6, servers: 1 });
  cluster.appendAtRandom(20, 200);
  cluster.simulation.run({ for: 300 });
  expect(cluster.acknowledged.length).toBe(20);
});

test('logs and chains longer than a message are gathered and fetched in pages', () => {
  const cluster = new Cluster({ seed: 7, servers: 3, limits: { gatherEntries: 5, pageEntries: 4 } });
  cluster.simulation.partition([['S1', 'S2']]);
  for (let i = 0; i < 60; i++) cluster.append('S1');
  cluster.simulation.runUntil(() => cluster.acknowledged.length === 60, { within: 5000 });
  expect(cluster.witness.chosen.size).toBeGreaterThanOrEqual(12);
  cluster.simulation.heal();
  cluster.settle(5000);
});
