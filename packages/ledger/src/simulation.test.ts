import { describe, test } from '@jest/globals';
import { simulate } from '@synod/simulator';
import { ledgerSystem } from './simulation/ledger-system.js';

/** `npm run soak`: SEEDS per number of servers, from FROM. */
const seeds = Number(process.env['SEEDS'] ?? 70);
const from = Number(process.env['FROM'] ?? 1);
const longestMs = 60_000 + seeds * 1000;

describe.each([3, 4, 5])('%i servers, through every fault but a disk that lies', (nodes) => {
  test(
    `keep every invariant of the ledger, and leave no covered head waiting (${seeds} seeds)`,
    () => void simulate(ledgerSystem, { from, to: from + seeds - 1, nodes }),
    longestMs,
  );
});
