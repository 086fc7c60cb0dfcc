import type { NodeId, Random } from '@synod/kernel';
import { drawCounts, faultPlan } from './fault-plan.js';
import { forgetfulFaults, type Fault, type Timed } from './fault.js';
import { drawIndex, seededRandom } from './random.js';
import type { Schedule } from './schedule.js';
import type { PlanOptions, System } from './system.js';

/** What operations are drawn from. */
export interface OperationDraw {
  readonly random: Random;
  readonly nodes: readonly NodeId[];
  /** How many operations to draw, of so many for 30 s. */
  readonly scaled: (count: number) => number;
  /** A moment for an operation. They come in bursts, and half of the bursts as a fault begins. */
  readonly moment: () => number;
}

/** Draws a schedule for a seed: different nodes, networks, disks and mixes of faults for different seeds. */
export function drawSchedule<O>(
  { name, survives }: Pick<System<O>, 'name' | 'survives'>,
  seed: number,
  { nodes: count = 3 + (seed % 3), faults: kinds = survives, forMs = 30_000 }: PlanOptions,
  limits: Readonly<Record<string, number>>,
  drawOperations: (draw: OperationDraw) => Timed<O>[],
): Schedule<O> {
  const random = seededRandom(seed, 'schedule');
  const nodes = nodesUpTo(count);
  const faults = drawFaults(random, { nodes, kinds, forMs });
  const operationRandom = seededRandom(seed, 'operations');
  const moment = burstsAround(operationRandom, faults, forMs);
  const operations = drawOperations({ random: operationRandom, nodes, scaled: scaledTo(forMs), moment });
  return {
    system: name,
    seed,
    nodes,
    network: { delayMs: random() < 1 / 3 ? [5, 60] : [0.2, 2] },
    disk: { writeMs: random() < 1 / 4 ? [5, 40] : [0.2, 2] },
    limits,
    forMs,
    faults,
    operations: operations.sort((a, b) => a.at - b.at),
  };
}

/** `S1` to `S<count>`. */
export function nodesUpTo(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => `S${i + 1}`);
}

/**
 * About half of the kinds, so that no fault hides behind another (Groce and others, *Swarm Testing*, 2012). Six are of
 * kinds that can happen at any time; the others may find that they must not.
 */
function drawFaults(
  random: Random,
  {
    nodes,
    kinds,
    forMs,
  }: { nodes: readonly NodeId[] } & Required<Pick<PlanOptions, 'forMs'>> & { kinds: System['survives'] },
): Timed<Fault>[] {
  const swarm = kinds.filter(() => random() < 0.5);
  const chosen = swarm.length > 0 ? swarm : kinds;
  const anyTime = chosen.filter((kind) => !forgetfulFaults.includes(kind));
  const free = anyTime.length > 0 ? anyTime : kinds.filter((kind) => !forgetfulFaults.includes(kind));
  const certain = faultPlan(random, { nodes, forMs, counts: drawCounts(random, free, scaledTo(forMs)(8)) });
  const more = faultPlan(random, {
    nodes,
    forMs,
    counts: drawCounts(random, chosen, scaledTo(forMs)(drawIndex(random, 17))),
  });
  return [...certain, ...more].sort((a, b) => a.at - b.at);
}

/** Longer schedules have more of everything. */
function scaledTo(forMs: number): (count: number) => number {
  return (count) => Math.ceil((count * forMs) / 30_000);
}

function burstsAround(random: Random, faults: readonly Timed<Fault>[], forMs: number): () => number {
  const bursts = Array.from({ length: scaledTo(forMs)(20) }, () => random() * forMs);
  const begins = faults.map(({ at }) => at);
  const centres = [
    ...bursts,
    ...Array.from({ length: bursts.length }, (_, i) => begins[i % begins.length] ?? random() * forMs),
  ];
  return () => {
    const centre = centres[drawIndex(random, centres.length)]!;
    return Math.min(Math.max(0, centre + (random() * 300 - 50)), forMs);
  };
}
