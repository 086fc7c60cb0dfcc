import { describe, expect, test } from '@jest/globals';
import type { NodeId } from '@synod/kernel';
import { Cluster } from './testing/cluster.js';

/** Every wait for a majority ends within this, in virtual time. */
const boundMs = 2500;

/** Appends at every server of `askers`, again and again for 10 s, and returns how the appends ended. */
function askOn(cluster: Cluster, askers: readonly NodeId[]) {
  const ends: { server: NodeId; took: number; type: string }[] = [];
  const { simulation } = cluster;
  const until = simulation.now + 10_000;
  const ask = (server: NodeId): void => {
    const began = simulation.now;
    cluster.append(server, ({ type }) => {
      ends.push({ server, took: simulation.now - began, type });
      if (simulation.now < until) simulation.after(100, () => ask(server));
    });
  };
  for (const server of askers) ask(server);
  simulation.run({ for: 10_000 + boundMs });
  return (server: NodeId) => ends.filter((end) => end.server === server);
}

const longest = (ends: readonly { took: number }[]) => Math.max(...ends.map(({ took }) => took));

describe('without a majority every append ends in bounded time', () => {
  test('a lone server', () => {
    const cluster = new Cluster({ seed: 1, servers: 3 });
    cluster.simulation.partition([['S1'], ['S2', 'S3']]);
    const ends = askOn(cluster, ['S1'])('S1');
    expect(ends.map(({ type }) => type)).not.toContain('appended');
    expect(ends.length).toBeGreaterThanOrEqual(4);
    expect(longest(ends)).toBeLessThan(boundMs);
  });

  test('two of five that beat one another, while the three go on', () => {
    const cluster = new Cluster({ seed: 2, servers: 5 });
    cluster.simulation.partition([
      ['S1', 'S2'],
      ['S3', 'S4', 'S5'],
    ]);
    const endsOf = askOn(cluster, cluster.servers);
    for (const server of ['S1', 'S2']) {
      expect(endsOf(server).map(({ type }) => type)).not.toContain('appended');
      expect(endsOf(server).length).toBeGreaterThanOrEqual(4);
      expect(longest(endsOf(server))).toBeLessThan(boundMs);
    }
    expect(endsOf('S3').filter(({ type }) => type === 'appended').length).toBeGreaterThan(10);
  });

  test('a server that hears a busy majority which does not hear it', () => {
    const cluster = new Cluster({ seed: 3, servers: 5 });
    for (const deaf of ['S2', 'S3', 'S4', 'S5']) cluster.simulation.cut('S1', deaf);
    const ends = askOn(cluster, cluster.servers)('S1');
    expect(ends.length).toBeGreaterThanOrEqual(4);
    expect(longest(ends)).toBeLessThan(boundMs);
  });

  test('a server that everybody hears and that hears nobody; it does not keep the others from going on', () => {
    const cluster = new Cluster({ seed: 4, servers: 5 });
    for (const mute of ['S2', 'S3', 'S4', 'S5']) cluster.simulation.cut(mute, 'S1');
    const endsOf = askOn(cluster, cluster.servers);
    expect(longest(endsOf('S1'))).toBeLessThan(boundMs);
    for (const server of ['S2', 'S3', 'S4', 'S5']) {
      const appended = endsOf(server).filter(({ type }) => type === 'appended');
      expect(appended.length).toBeGreaterThan(4);
      expect(appended.length).toBe(endsOf(server).length);
    }
  });

  test('any servers behind any one-way cuts; while somebody reaches a majority both ways, the chain grows (25 seeds)', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const cluster = new Cluster({ seed, servers: 5 });
      const { simulation, servers, witness } = cluster;
      const random = simulation.random('cuts');
      const cut = new Set<string>();
      for (const from of servers) {
        for (const to of servers) {
          if (from === to || random() < 0.6) continue;
          cut.add(from + to);
          simulation.cut(from, to);
        }
      }
      const endsOf = askOn(cluster, servers);
      const reaches = (server: NodeId) => servers.filter((peer) => !cut.has(server + peer) && !cut.has(peer + server));
      const strong = servers.filter((server) => reaches(server).length >= 3);
      const hanging = servers.filter((server) => !strong.includes(server) && longest(endsOf(server)) > boundMs);
      expect({ seed, hanging }).toEqual({ seed, hanging: [] });
      expect({ seed, grows: witness.chosen.size >= 8 }).toEqual({ seed, grows: strong.length > 0 });
    }
  });
});
