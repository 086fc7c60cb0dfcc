import { quorumSize, type NodeId, type Random } from '@synod/kernel';
import type { Fault, FaultKind, Timed } from './fault.js';
import { crashPoints } from './crash-point.js';
import { drawFrom, drawIndex } from './random.js';

export interface FaultPlan {
  readonly nodes: readonly NodeId[];
  /** Over which time to spread the faults, virtual ms. */
  readonly forMs: number;
  /** Which kinds to draw from, and how many faults of each. */
  readonly counts: Partial<Record<FaultKind, number>>;
}

/** The longest part of the time that one fault lasts. */
const longest = 1 / 8;

/** Draws a schedule of faults, in order of time. */
export function faultPlan(random: Random, { nodes, forMs, counts }: FaultPlan): Timed<Fault>[] {
  const faults: Timed<Fault>[] = [];
  for (const [kind, count] of Object.entries(counts) as [FaultKind, number][]) {
    for (let i = 0; i < count; i++) {
      const at = random() * forMs;
      const lasts = random() * Math.min(forMs - at, forMs * longest);
      faults.push({ at, ...drawFault(kind, lasts, nodes, random) });
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

/** Draws how many faults of each kind there are: `total` of them, any kind as likely as any other. */
export function drawCounts(random: Random, kinds: readonly FaultKind[], total: number): FaultPlan['counts'] {
  const counts: Partial<Record<FaultKind, number>> = {};
  if (kinds.length === 0) return counts;
  for (let i = 0; i < total; i++) {
    const kind = kinds[drawIndex(random, kinds.length)]!;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function drawFault(kind: FaultKind, forMs: number, nodes: readonly NodeId[], random: Random): Fault {
  const node = nodes[drawIndex(random, nodes.length)]!;
  switch (kind) {
    case 'crash':
    case 'pause':
    case 'full-disk':
    case 'lost-disk':
    case 'bit-flip':
      return { kind, node, forMs };
    case 'crash-point':
      return {
        kind,
        node,
        forMs,
        point: crashPoints[drawIndex(random, crashPoints.length)]!,
        skip: drawIndex(random, 4),
      };
    case 'torn-tail':
      return { kind, node, forMs, skip: drawIndex(random, 4) };
    case 'clock-jump':
      return { kind, node, byMs: 10 ** drawFrom(random, [1, 4]) };
    case 'clock-rate':
      return { kind, node, forMs, rate: 2 ** drawFrom(random, [-2, 2]) };
    case 'one-way': {
      const others = nodes.filter((other) => other !== node);
      return { kind, from: node, to: others[drawIndex(random, others.length)] ?? node, forMs };
    }
    case 'partition':
      return { kind, groups: halves(nodes, random), forMs };
    case 'majority':
      return { kind, nodes: shuffled(nodes, random).slice(0, quorumSize(nodes.length)), forMs };
    case 'ring':
      return { kind, nodes: shuffled(nodes, random), forMs };
    case 'loss':
      return { kind, forMs, probability: drawFrom(random, [0, 0.5]) };
    case 'duplication':
      return { kind, forMs, probability: drawFrom(random, [0, 0.5]) };
    case 'reordering':
      return { kind, forMs, probability: random() };
    case 'delay':
      return { kind, forMs, delayMs: [random() * 50, 50 + random() * 500] };
    case 'slow-disk':
      return { kind, node, forMs, times: 10 ** drawFrom(random, [0.5, 2.5]) };
    case 'lying-fsync':
    case 'lost-write':
      return { kind, node, forMs, downMs: random() * forMs, kept: random() };
  }
}

function halves(nodes: readonly NodeId[], random: Random): NodeId[][] {
  const left = nodes.filter(() => random() < 0.5);
  return [left, nodes.filter((node) => !left.includes(node))];
}

function shuffled(nodes: readonly NodeId[], random: Random): NodeId[] {
  const left = [...nodes];
  return nodes.map(() => left.splice(drawIndex(random, left.length), 1)[0]!);
}
