import { describe, expect, test } from '@jest/globals';
import { randomFaults } from '@synod/simulator';
import { anyConditions, Cluster } from './testing/cluster.js';

/** One run of a seed: calm start, faults and appends, healing, and the look at what is left. */
function run(seed: number, servers: number): Cluster {
  const cluster = new Cluster({
    seed,
    servers,
    ...anyConditions(seed),
    limits: seed % 5 === 0 ? { gatherEntries: 3, pageEntries: 4 } : {},
  });
  const forMs = 8000;
  cluster.appendAtRandom(60, forMs);
  randomFaults(cluster.simulation, {
    forMs,
    crashes: 3,
    crashPoints: 4,
    pauses: 1,
    partitions: 3,
    cuts: 3,
    storms: 2,
  });
  cluster.simulation.run({ for: forMs });
  cluster.settle(15_000);
  return cluster;
}

describe.each([
  [3, 100],
  [4, 100],
  [5, 100],
])('%i servers, through crashes, partitions, loss, duplication and reordering', (servers, seeds) => {
  test(`keep one chain and every acknowledged entry, and agree after healing (${seeds} seeds)`, () => {
    let acknowledged = 0;
    for (let seed = 1; seed <= seeds; seed++) acknowledged += run(seed, servers).acknowledged.length;
    expect(acknowledged / seeds).toBeGreaterThan(20); // or the faults were all there was
  });
});
