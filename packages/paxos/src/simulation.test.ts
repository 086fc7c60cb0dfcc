import { describe, expect, test } from '@jest/globals';
import { drawCounts, faultKinds, faultPlan, forgetfulFaults, runUnderFaults } from '@synod/simulator';
import { anyConditions, Cluster } from './testing/cluster.js';

/** `npm run soak`: SEEDS per number of servers, from FROM. */
const seeds = Number(process.env['SEEDS'] ?? 60);
const from = Number(process.env['FROM'] ?? 1);
const longestMs = 60_000 + seeds * 500;
const forMs = 8000;
/** But for those after which a disk holds less than it confirmed. */
const kinds = faultKinds.filter((kind) => !forgetfulFaults.includes(kind));

/** One run of a seed: a calm start, faults and appends, healing, and the look at what is left. */
function run(seed: number, servers: number): Cluster {
  const cluster = new Cluster({
    seed,
    servers,
    ...anyConditions(seed),
    limits: {
      ...(seed % 5 === 0 ? { gatherEntries: 3, pageEntries: 4 } : {}),
      ...(seed % 3 === 0 ? { snapshotEntries: seed % 8 } : {}),
    },
  });
  cluster.appendAtRandom(150, forMs);
  const { simulation, servers: nodes } = cluster;
  const random = simulation.random('faults');
  const faults = faultPlan(random, { nodes, forMs, counts: drawCounts(random, kinds, 28) });
  runUnderFaults(simulation, faults, { forMs });
  cluster.settle(15_000);
  return cluster;
}

describe.each([3, 4, 5])('%i servers, through crashes, partitions, loss, duplication and reordering', (servers) => {
  test(
    `keep one chain and every acknowledged entry, and agree after healing (${seeds} seeds)`,
    () => {
      let acknowledged = 0;
      let snapshots = 0;
      for (let seed = from; seed < from + seeds; seed++) {
        try {
          const cluster = run(seed, servers);
          acknowledged += cluster.acknowledged.length;
          snapshots += cluster.simulation.counts.messages['snapshot'] ?? 0;
        } catch (error) {
          throw new Error(`seed ${seed} with ${servers} servers: ${(error as Error).message}`, { cause: error });
        }
      }
      expect(acknowledged / seeds).toBeGreaterThan(30); // or the faults were all there was
      expect(snapshots / seeds).toBeGreaterThan(1);
    },
    longestMs,
  );
});
