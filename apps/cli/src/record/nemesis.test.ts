import { describe, expect, test } from '@jest/globals';
import { quorumSize, type NodeId } from '@synod/kernel';
import { faultKinds, Nemesis, type FaultEvent, type Faults, type NemesisOptions } from './nemesis.js';

const firstSeed = Number(process.env['SEED'] ?? 20_260_101);
/** A test that fails ends all the same. */
const patienceMs = 30_000;

const five = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** Servers that only remember what is wrong with them, and how many of them were wrong at once. */
class Patients implements Faults {
  readonly wrong = new Map<NodeId, keyof Faults>();
  readonly most = new Map<readonly NodeId[], number>();
  readonly #replicaSets: readonly (readonly NodeId[])[];

  constructor(replicaSets: readonly (readonly NodeId[])[]) {
    this.#replicaSets = replicaSets;
  }

  kill = (server: NodeId) => this.#break(server, 'kill');
  pause = (server: NodeId) => this.#break(server, 'pause');
  silence = (server: NodeId) => this.#break(server, 'silence');
  isolate = (server: NodeId) => this.#break(server, 'isolate');
  restart = (server: NodeId) => this.#heal(server, 'kill');
  resume = (server: NodeId) => this.#heal(server, 'pause');
  unsilence = (server: NodeId) => this.#heal(server, 'silence');
  rejoin = (server: NodeId) => this.#heal(server, 'isolate');

  async #break(server: NodeId, fault: keyof Faults): Promise<void> {
    expect(this.wrong.get(server)).toBeUndefined();
    this.wrong.set(server, fault);
    for (const set of this.#replicaSets) {
      const now = set.filter((member) => this.wrong.has(member)).length;
      this.most.set(set, Math.max(now, this.most.get(set) ?? 0));
    }
  }

  /** Broken until the end of it, as a server is that restarts. */
  async #heal(server: NodeId, fault: keyof Faults): Promise<void> {
    expect(this.wrong.get(server)).toBe(fault);
    await new Promise((resolve) => setImmediate(resolve));
    this.wrong.delete(server);
  }
}

/** Lets it rage until so many things were done. */
async function rage(changes: number, options: Partial<NemesisOptions> = {}) {
  const { replicaSets = [five] } = options;
  const patients = new Patients(replicaSets);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]);
  const events: FaultEvent[] = [];
  const log = (event: FaultEvent) => {
    events.push(event);
    if (events.length === changes) stop.abort();
  };
  const standard = { faults: patients, kinds: faultKinds, replicaSets, seed: 1, betweenMs: [0, 0] as const, log };
  await new Nemesis({ ...standard, signal, ...options }).run();
  return { patients, events, done: events.map(({ action, server }) => `${action} ${server}`) };
}

describe.each([0, 1, 2, 3].map((i) => firstSeed + i))('SEED=%i', (seed) => {
  test.each([3, 4, 5])(
    'of %i servers as many as a minority are faulty at once, never more, and none in the end',
    async (n) => {
      const servers = five.slice(0, n);
      const { patients } = await rage(200, { replicaSets: [servers], seed });
      expect(patients.most.get(servers)).toBe(n - quorumSize(n));
      expect([...patients.wrong]).toEqual([]);
    },
  );

  test('of replica sets that overlap each keeps its majority', async () => {
    const replicaSets = [['S1', 'S2', 'S3'], ['S3', 'S4', 'S5'], five];
    const { patients } = await rage(300, { replicaSets, seed });
    expect(replicaSets.map((set) => patients.most.get(set))).toEqual([1, 1, 2]);
  });

  test('if told, it takes the majority, and gives it back', async () => {
    const { patients } = await rage(200, { mayTakeMajority: true, seed });
    expect(patients.most.get(five)).toBe(5);
    expect([...patients.wrong]).toEqual([]);
  });
});

test('every kind of fault, and what heals it, is seen', async () => {
  const { events } = await rage(200);
  const seen = new Set(events.map(({ action }) => action));
  const all = ['isolate', 'kill', 'pause', 'rejoin', 'restart', 'resume', 'silence', 'unsilence'];
  expect([...seen].sort()).toEqual(all);
});

test('no kind is seen that was not asked for', async () => {
  const { events } = await rage(100, { kinds: ['pause'] });
  expect([...new Set(events.map(({ action }) => action))].sort()).toEqual(['pause', 'resume']);
});

test('one seed gives one schedule, another seed another', async () => {
  const { done } = await rage(100, { seed: 7 });
  expect((await rage(100, { seed: 7 })).done).toEqual(done);
  expect((await rage(100, { seed: 8 })).done).not.toEqual(done);
});

test('what was done is logged with its time, on the clock of the history', async () => {
  const before = process.hrtime.bigint();
  const { events } = await rage(50);
  const after = process.hrtime.bigint();
  expect(events.filter(({ began, ended }) => began < before || ended < began || ended > after)).toEqual([]);
});

test('a replica set that has no minority is left alone', async () => {
  const { done } = await rage(100, { replicaSets: [['S1', 'S2'], ['S3', 'S4', 'S5'], ['S6']] });
  expect(done.filter((change) => /S[126]/.test(change))).toEqual([]);
});

test('a fault that can not be made ends it, the others are healed, and it is told', async () => {
  const patients = new Patients([five]);
  const log: string[] = [];
  const pause = (server: NodeId) =>
    patients.wrong.size > 0 ? Promise.reject(new Error('it ended by itself')) : patients.pause(server);
  const run = new Nemesis({
    faults: { ...patients, pause },
    kinds: faultKinds,
    replicaSets: [five],
    seed: 1,
    betweenMs: [0, 0],
    signal: AbortSignal.timeout(patienceMs),
    log: ({ action }) => log.push(action),
  }).run();
  await expect(run).rejects.toThrow('it ended by itself');
  expect(log.length).toBeGreaterThan(1);
  expect([...patients.wrong]).toEqual([]);
});
