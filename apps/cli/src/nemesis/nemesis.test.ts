import { describe, expect, test } from '@jest/globals';
import { quorumSize, type NodeId } from '@synod/kernel';
import { faultClassNames, faultKinds, isOfDisk, isOfLinks, showFault, touchedBy, type Fault } from './fault.js';
import { Nemesis, type Breakable, type FaultEvent, type NemesisOptions } from './nemesis.js';

const firstSeed = Number(process.env['SEED'] ?? 20_260_101);
/** A test that fails ends all the same. */
const patienceMs = 30_000;

const five = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** Servers that only remember what is wrong with them, and how many of them were wrong at once. */
class Patients implements Breakable {
  readonly wrong = new Set<Fault>();
  readonly most = new Map<readonly NodeId[], number>();
  readonly #replicaSets: readonly (readonly NodeId[])[];

  constructor(replicaSets: readonly (readonly NodeId[])[]) {
    this.#replicaSets = replicaSets;
  }

  make = async (fault: Fault): Promise<void> => {
    for (const other of this.wrong) {
      expect([isOfLinks(fault) && isOfLinks(other), isOfDisk(fault) && isOfDisk(other)]).toEqual([false, false]);
    }
    this.wrong.add(fault);
    const touched = [...this.wrong].flatMap(touchedBy);
    expect(new Set(touched).size).toBe(touched.length);
    for (const set of this.#replicaSets) {
      const now = set.filter((member) => touched.includes(member)).length;
      this.most.set(set, Math.max(now, this.most.get(set) ?? 0));
    }
  };

  /** Broken until the end of it, as a server is that restarts. */
  heal = async (fault: Fault): Promise<void> => {
    if (isOfDisk(fault)) expect([...this.wrong]).toEqual([fault]);
    expect(this.wrong.has(fault)).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    this.wrong.delete(fault);
  };
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
  const standard = { breakable: patients, classes: faultClassNames, seed: 1, betweenMs: [0, 0] as const, log };
  await new Nemesis({ ...standard, replicaSets, signal, ...options }).run();
  return { patients, events, done: events.map(({ step, fault }) => `${step} ${showFault(fault)}`) };
}

describe.each([0, 1, 2, 3].map((i) => firstSeed + i))('SEED=%i', (seed) => {
  test.each([3, 4, 5])(
    'of %i servers as many as a minority are touched at once, never more, each by one fault; none in the end',
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

test('every kind of fault is seen, made and healed', async () => {
  const { events } = await rage(400);
  for (const step of ['made', 'healed'] as const) {
    const seen = new Set(events.filter((event) => event.step === step).map(({ fault }) => fault.kind));
    expect([...seen].sort()).toEqual([...faultKinds].sort());
  }
});

test('no kind is seen that was not asked for', async () => {
  const { events } = await rage(100, { classes: ['pause', 'disk'] });
  const seen = new Set(events.map(({ fault }) => fault.kind));
  expect([...seen].sort()).toEqual(['bit-flip', 'lost-disk', 'pause', 'truncation']);
});

test('one seed gives one plan, another seed another', async () => {
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
  const { events } = await rage(100, { replicaSets: [['S1', 'S2'], ['S3', 'S4', 'S5'], ['S6']] });
  const touched = new Set(events.flatMap(({ fault }) => touchedBy(fault)));
  expect([...touched].sort()).toEqual(['S3', 'S4', 'S5']);
});

test('a fault that can not be made ends it, the others are healed, and it is told', async () => {
  const patients = new Patients([five]);
  const log: string[] = [];
  const make = (fault: Fault) => {
    if (fault.kind !== 'pause' || patients.wrong.size === 0) return patients.make(fault);
    return Promise.reject(new Error('it ended by itself'));
  };
  const run = new Nemesis({
    breakable: { make, heal: async (fault) => void patients.wrong.delete(fault) },
    classes: faultClassNames,
    replicaSets: [five],
    seed: 1,
    betweenMs: [0, 0],
    signal: AbortSignal.timeout(patienceMs),
    log: ({ step }) => log.push(step),
  }).run();
  await expect(run).rejects.toThrow('it ended by itself');
  expect(log.length).toBeGreaterThan(1);
  expect([...patients.wrong]).toEqual([]);
});
