import { describe, expect, test } from '@jest/globals';
import { randomFaults } from '@synod/simulator';
import { Cluster } from './testing/cluster.js';

/** `npm run soak`: SEEDS per number of nodes, from FROM. */
const seeds = Number(process.env['SEEDS'] ?? 100);
const from = Number(process.env['FROM'] ?? 1);
const longestMs = 60_000 + seeds * 500;
const forMs = 6000;

/** One run of a seed: a calm start, faults and operations, healing, and the look at what clients were told. */
function run(seed: number, nodes: number): Cluster {
  const cluster = new Cluster({
    seed,
    nodes,
    network: { delayMs: seed % 3 === 0 ? [5, 60] : [0.2, 2] },
    disk: { writeMs: seed % 4 === 0 ? [5, 40] : [0.2, 2] },
    limits: seed % 5 === 0 ? { pageCells: 1 } : {},
  });
  cluster.operateAtRandom(400, forMs);
  cluster.loseDisksAtRandom(2, forMs);
  randomFaults(cluster.simulation, { forMs, crashes: 3, crashPoints: 6, pauses: 2, partitions: 3, cuts: 3, storms: 4 });
  cluster.simulation.run({ for: forMs + 1 });
  cluster.settle();
  return cluster;
}

describe.each([3, 4, 5])('%i nodes, through crashes, lost disks, partitions, loss and reordering', (nodes) => {
  test(
    `keep every register linearizable, and answer after healing (${seeds} seeds)`,
    () => {
      let answered = 0;
      let lostDisks = 0;
      for (let seed = from; seed < from + seeds; seed++) {
        try {
          const { history, simulation } = run(seed, nodes);
          answered += history.answered;
          lostDisks += simulation.counts.faults['disk-lost'] ?? 0;
        } catch (error) {
          throw new Error(`seed ${seed} with ${nodes} nodes: ${(error as Error).message}`, { cause: error });
        }
      }
      // Otherwise the faults were all there was, or not all there were.
      expect(answered / seeds).toBeGreaterThan(160);
      expect(lostDisks / seeds).toBeGreaterThan(0.5);
    },
    longestMs,
  );
});
