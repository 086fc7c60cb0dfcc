import { describe, expect, test } from '@jest/globals';
import { drawFrom, drawIndex, randomFaults } from '@synod/simulator';
import type { TransferStatus } from './protocol.js';
import { Clients } from './testing/clients.js';
import { serversUpTo, SimulatedBank } from './testing/simulated-bank.js';

/** `npm run soak`: SEEDS per number of servers, from FROM. */
const seeds = Number(process.env['SEEDS'] ?? 100);
const from = Number(process.env['FROM'] ?? 1);

const longestMs = 60_000 + seeds * 500;

const forMs = 6000;
const transfers = 50;

/** One run of a seed: transfers under faults, healing, and the look at what is left. Returns what clients were told. */
function run(seed: number, servers: number): readonly TransferStatus[] {
  const bank = new SimulatedBank({
    seed,
    servers,
    accounts: serversUpTo(servers).flatMap((home, i) => [
      { id: home, home, initial: 100n },
      ...(seed % 3 === 0 ? [{ id: `A${i + 1}`, home, initial: 50n }] : []),
    ]),
    network: { delayMs: seed % 4 === 0 ? [5, 60] : [0.2, 2] },
    disk: { writeMs: seed % 5 === 0 ? [5, 40] : [0.2, 2] },
    limits: seed % 7 === 0 ? { gatherEntries: 3, pageEntries: 4 } : {},
    traceLimit: 2000,
  });
  const clients = new Clients(bank);
  const random = bank.simulation.random('clients');
  const anyAccount = (): string => bank.accounts[drawIndex(random, bank.accounts.length)]!.id;
  for (let i = 1; i <= transfers; i++) {
    bank.simulation.after(random() * forMs, () => {
      const from = random() < 0.5 ? 'S1' : anyAccount(); // one account is short more often than the others
      const to = bank.accounts.find(({ id }) => id !== from && random() < 0.5)?.id ?? (from === 'S2' ? 'S1' : 'S2');
      const amount = BigInt(Math.ceil(drawFrom(random, random() < 0.7 ? [0, 40] : [40, 160])));
      clients.submit({
        type: 'transfer',
        transfer: { id: `t${i}`, from, to, amount },
        short: random() < 0.5 ? 'queue' : 'reject',
        durability: random() < 0.2 ? 'committed' : 'local',
        gather: undefined,
      });
      if (random() < 0.5) bank.simulation.after(random() * 500, () => clients.repeat(drawIndex(random, transfers)));
    });
  }
  const rough = 1 + (seed % 3);
  randomFaults(bank.simulation, {
    forMs,
    crashes: 2 * rough,
    crashPoints: 4 * rough,
    pauses: rough,
    partitions: 2 * rough,
    cuts: 2 * rough,
    storms: 2 * rough,
  });
  bank.simulation.run({ for: forMs + 1 });
  bank.simulation.runUntil(() => clients.allTold, { within: 20_000 });
  bank.settle(60_000);
  clients.repeatAll();
  clients.checkOrder();
  return clients.told.map(({ status }) => status);
}

describe.each([3, 4, 5])('%i servers, through crashes, partitions, loss, duplication and reordering', (servers) => {
  test(
    `keep every invariant of the ledger, and leave no covered head waiting (${seeds} seeds)`,
    () => {
      const told = new Map<TransferStatus, number>();
      for (let seed = from; seed < from + seeds; seed++) {
        for (const status of run(seed, servers)) told.set(status, (told.get(status) ?? 0) + 1);
      }
      // Otherwise the runs did not try what they are meant to try.
      for (const status of ['local', 'consensus', 'pending', 'rejected'] as const) {
        expect(told.get(status) ?? 0).toBeGreaterThan(seeds);
      }
    },
    longestMs,
  );
});
