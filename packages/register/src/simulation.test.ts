import { describe, expect, test } from '@jest/globals';
import { simulate } from '@synod/simulator';
import { registerSystem } from './simulation/register-system.js';

/** `npm run soak`: SEEDS per number of nodes, from FROM. */
const seeds = Number(process.env['SEEDS'] ?? 70);
const from = Number(process.env['FROM'] ?? 1);
const longestMs = 60_000 + seeds * 1000;

describe.each([2, 3, 4, 5])('%i nodes, through every fault but a disk that lies', (nodes) => {
  test(
    `keep every register linearizable, and answer after healing (${seeds} seeds)`,
    () => {
      const coverage = simulate(registerSystem, { from, to: from + seeds - 1, nodes });
      expect(coverage.answers['written']! + coverage.answers['read']!).toBeGreaterThan(200 * seeds);
    },
    longestMs,
  );
});
