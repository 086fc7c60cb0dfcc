import { describe, expect, test } from '@jest/globals';
import { faultPlan, type FaultPlan } from './fault-plan.js';
import { faultKinds, forgetfulFaults } from './fault.js';
import { runUnderFaults } from './run-under-faults.js';
import { crashPoints } from './crash-point.js';
import type { SimulationOptions } from './simulation.js';
import { defineCounter, type CounterOptions, type Counting } from './testing/counter.js';
import { CountingCluster } from './testing/counter-system.js';
import { startPost } from './testing/post.js';
import { Violation } from './violation.js';

const NODES = ['S1', 'S2', 'S3', 'S4', 'S5'];

function startCounting(seed: number, mistake: CounterOptions = {}, options: Partial<SimulationOptions<Counting>> = {}) {
  return new CountingCluster({ seed, nodes: NODES, mistake, ...options });
}

/** Increments everywhere, now. */
function countEverywhere(cluster: CountingCluster): void {
  for (const node of NODES) cluster.increment(node);
}

/** A second of increments under faults, and one afterwards. */
function runUnderAll(seed: number, counts: FaultPlan['counts'], mistake?: CounterOptions): CountingCluster {
  const cluster = startCounting(seed, mistake, { probe: { traceLimit: 100_000 } });
  const { simulation } = cluster;
  for (let ms = 0; ms < 1000; ms += 40) simulation.after(ms, () => countEverywhere(cluster));
  const faults = faultPlan(simulation.random('faults'), { nodes: NODES, forMs: 1000, counts });
  runUnderFaults(simulation, faults, { forMs: 1000 });
  cluster.settle();
  return cluster;
}

/** All but those after which a disk holds less than it confirmed: a counter has nothing to set against them. */
const EVERYTHING = Object.fromEntries(
  faultKinds.filter((kind) => !forgetfulFaults.includes(kind)).map((kind) => [kind, 3]),
) as FaultPlan['counts'];

describe('determinism', () => {
  test('the same seed gives the same run, byte for byte', () => {
    const [first, second] = [runUnderAll(1, EVERYTHING), runUnderAll(1, EVERYTHING)];
    const trace = first.simulation.trace.toString();
    expect(trace.split('\n').length).toBeGreaterThan(3000);
    expect(second.simulation.trace.toString() === trace).toBe(true);
    expect(second.simulation.counts).toEqual(first.simulation.counts);
    expect([second.simulation.now, second.simulation.events]).toEqual([first.simulation.now, first.simulation.events]);
  });

  test('another seed gives another run', () => {
    const [first, second] = [runUnderAll(1, EVERYTHING), runUnderAll(2, EVERYTHING)];
    expect(second.simulation.trace.toString()).not.toBe(first.simulation.trace.toString());
  });

  test('the nodes draw from streams of their own', () => {
    const draws: number[] = [];
    const define = defineCounter(NODES);
    startCounting(
      1,
      {},
      {
        definition: (node, random) => {
          draws.push(random());
          return define(node);
        },
      },
    );
    expect(new Set(draws).size).toBe(NODES.length);
  });
});

describe('a correct machine', () => {
  test.each(Object.entries(EVERYTHING))('holds under %s, and goes on after them', (fault, count) => {
    runUnderAll(1, { [fault]: count });
  });

  test('holds under all faults together, and every fault, input and message was tried', () => {
    const tried = {
      faults: new Set<string>(),
      points: new Set<string>(),
      inputs: new Set<string>(),
      messages: new Set<string>(),
    };
    for (let seed = 1; seed <= 4; seed++) {
      const { counts } = runUnderAll(seed, EVERYTHING).simulation;
      for (const name of ['faults', 'points', 'inputs', 'messages'] as const)
        Object.keys(counts[name]).forEach((key) => tried[name].add(key));
    }
    expect([...tried.faults].sort()).toEqual(Object.keys(EVERYTHING).sort());
    expect([...tried.points].sort()).toEqual([...crashPoints].sort());
    expect([...tried.inputs].sort()).toEqual(['deliver', 'invoke', 'link', 'wake']);
    expect([...tried.messages].sort()).toEqual(['tell', 'told']);
  });

  test('a minority makes no progress, a majority does, and the minority does once it is healed', () => {
    const cluster = startCounting(5);
    const { simulation, acknowledged } = cluster;
    simulation.partition([
      ['S1', 'S2'],
      ['S3', 'S4', 'S5'],
    ]);
    cluster.increment('S1');
    cluster.increment('S3');
    simulation.run({ for: 1000 });
    expect([...acknowledged.keys()]).toEqual(['S3']);
    simulation.heal();
    simulation.runUntil(() => acknowledged.has('S1'), { within: 100 });
  });
});

describe('a machine that confirms before it is durable', () => {
  const mistake = { confirmsBeforeDurable: true };

  test('is caught by the check, and the violation tells the seed, the time and what came before', () => {
    const cluster = startCounting(42, mistake);
    const { simulation } = cluster;
    countEverywhere(cluster);
    const run = (): void => simulation.run({ for: 1000 });
    expect(run).toThrow(Violation);
    expect(run).toThrow(/acknowledged but durable on \d only\nseed 42, at \d+\.\d{3} ms, after\n/);
    expect(run).toThrow(/S1 +answer +1$/);
  });

  test('is caught where it happens: nothing runs after a violation', () => {
    const cluster = startCounting(42, mistake);
    const { simulation } = cluster;
    countEverywhere(cluster);
    const message = (): string => {
      try {
        simulation.run({ for: 1000 });
        return 'no violation';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const [first, events] = [message(), simulation.events];
    expect([message(), simulation.events]).toEqual([first, events]);
  });
});

describe('virtual time', () => {
  test('an hour takes no time and ends on the millisecond', () => {
    const cluster = startCounting(3);
    const { simulation } = cluster;
    const times: number[] = [];
    for (const ms of [3_599_999, 60_000.25]) simulation.after(ms, () => times.push(simulation.now));
    cluster.increment('S1');
    simulation.run({ for: 3_600_000 });
    expect(simulation.now).toBe(3_600_000);
    expect(times).toEqual([60_000.25, 3_599_999]);
  });

  test('runUntil stops at the event that fulfils it', () => {
    const cluster = startCounting(3);
    const { simulation, acknowledged } = cluster;
    cluster.increment('S1');
    simulation.runUntil(() => acknowledged.size > 0, { within: 1000 });
    expect(simulation.now).toBeLessThan(50);
    const { events } = simulation;
    simulation.runUntil(() => true, { within: 1000 });
    expect(simulation.events).toBe(events);
  });

  test('what does not come about in time is a violation with its seed', () => {
    const { simulation } = startCounting(9);
    expect(() => simulation.runUntil(() => false, { within: 100 })).toThrow(
      /what is waited for is not reached within 100 ms\nseed 9, at 100.000/,
    );
  });
});

describe('the trace', () => {
  test('tells what happened in lines', () => {
    const simulation = startPost({ nodes: ['S1', 'S2'], network: { delayMs: [2, 2], detectionMs: [90, 90] } });
    simulation.invoke('S1', { post: 'S2', text: 'hello' });
    simulation.run({ for: 5 });
    simulation.crash('S2');
    expect(
      simulation.trace
        .toString()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      '0.000 S1  start',
      '0.000 S2  start',
      '0.000 S1  invoke    {"post":"S2","text":"hello"}',
      '0.000 S1  send      S2  "hello"',
      '0.000 S1  answer    "done"',
      '2.000 S2  deliver   S1  "hello"',
      '5.000 S2  crash',
    ]);
  });

  test('keeps the last events only', () => {
    const cluster = startCounting(1, {}, { probe: { traceLimit: 10 } });
    const { simulation } = cluster;
    countEverywhere(cluster);
    simulation.run({ for: 100 });
    const { events } = simulation.trace;
    expect(events).toHaveLength(10);
    expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).sort((a, b) => a - b));
    expect(simulation.trace.tail(3).split('\n')).toHaveLength(3);
  });
});

test('observers see their own node', () => {
  const seen: string[] = [];
  const cluster = startCounting(
    1,
    {},
    {
      observer: (node) => ({
        stepped: (input) => input.kind === 'invoke' && seen.push(`${node} stepped`),
        released: ({ complete }) => complete.length > 0 && seen.push(`${node} answered`),
      }),
    },
  );
  const { simulation } = cluster;
  cluster.increment('S2');
  simulation.run({ for: 100 });
  expect(seen).toEqual(['S2 stepped', 'S2 answered']);
});

test('a name that is no node is refused', () => {
  const { simulation } = startCounting(1);
  expect(() => simulation.crash('S9')).toThrow('S9 is a node of the simulation');
  expect(() => simulation.cut('S1', 'S9')).toThrow('S1 and S9 are two nodes');
});
