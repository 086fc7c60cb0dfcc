import type { NodeId, Protocol, Random } from '@synod/kernel';
import type { CrashPoint } from './node.js';
import { drawFrom, drawIndex } from './random.js';
import type { Simulation } from './simulation.js';

/** How many of each fault to spread over a time. All default to 0. */
export interface FaultPlan {
  /** How long the faults go on, virtual ms. At the end everything is mended, restarted and resumed. */
  readonly forMs: number;
  /** Crashes at any time, each followed by a restart. */
  readonly crashes?: number;
  /** Crashes between two points of the node loop, each followed by a restart. */
  readonly crashPoints?: number;
  readonly pauses?: number;
  /** Divisions of the nodes into two groups. */
  readonly partitions?: number;
  /** Cuts of one direction between two nodes. */
  readonly cuts?: number;
  /** Times in which messages are lost, duplicated and reordered. */
  readonly storms?: number;
}

const CRASH_POINTS: readonly CrashPoint[] = ['before-write', 'after-write', 'after-release'];

/** Schedules random faults from now on, drawn from the simulation's seed, and their end. */
export function randomFaults<P extends Protocol>(simulation: Simulation<P>, plan: FaultPlan): void {
  const random = simulation.random('faults');
  const start = simulation.now;
  const spread = (count: number | undefined, fault: (ms: number) => void): void => {
    for (let i = 0; i < (count ?? 0); i++) {
      simulation.after(random() * plan.forMs, () => {
        const left = start + plan.forMs - simulation.now;
        fault(random() * Math.min(left, plan.forMs / 4));
      });
    }
  };
  const anyNode = (): NodeId => simulation.nodes[drawIndex(random, simulation.nodes.length)]!;
  const restartIn = (ms: number, node: NodeId): void =>
    simulation.after(ms, () => {
      if (simulation.isCrashed(node)) simulation.restart(node);
    });

  spread(plan.crashes, (ms) => {
    const node = anyNode();
    if (!simulation.isUp(node)) return;
    simulation.crash(node);
    restartIn(ms, node);
  });
  spread(plan.crashPoints, (ms) => {
    const node = anyNode();
    const point = CRASH_POINTS[drawIndex(random, CRASH_POINTS.length)]!;
    simulation.crashAt(node, point, { skip: drawIndex(random, 4) });
    restartIn(ms, node);
  });
  spread(plan.pauses, (ms) => {
    const node = anyNode();
    if (!simulation.isUp(node)) return;
    simulation.pause(node);
    simulation.after(ms, () => simulation.resume(node));
  });
  spread(plan.partitions, (ms) => {
    simulation.partition(halves(simulation.nodes, random));
    simulation.after(ms, () => simulation.heal());
  });
  spread(plan.cuts, (ms) => {
    const from = anyNode();
    const to = anyNode();
    if (from === to) return;
    simulation.cut(from, to);
    simulation.after(ms, () => simulation.mend(from, to));
  });
  spread(plan.storms, (ms) => {
    simulation.setWeather({
      loss: drawFrom(random, [0, 0.4]),
      duplication: drawFrom(random, [0, 0.3]),
      reordering: random(),
    });
    simulation.after(ms, () => simulation.clearWeather());
  });
  simulation.after(plan.forMs, () => simulation.calm());
}

function halves(nodes: readonly NodeId[], random: Random): NodeId[][] {
  const left = nodes.filter(() => random() < 0.5);
  return [left, nodes.filter((node) => !left.includes(node))];
}
