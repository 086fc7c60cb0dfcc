import type { NodeId } from '@synod/kernel';
import { drawSchedule } from '../draw-schedule.js';
import { faultKinds, forgetfulFaults } from '../fault.js';
import { drawIndex } from '../random.js';
import { Simulation, type SimulationOptions } from '../simulation.js';
import type { System } from '../system.js';
import { defineCounter, storedCount, type CounterOptions, type Counting } from './counter.js';

/** A counting cluster that checks after every event: what was acknowledged is durable on a majority. */
export class CountingCluster {
  readonly simulation: Simulation<Counting>;
  readonly acknowledged = new Map<NodeId, number>();
  readonly answers = { counted: 0 };

  constructor(options: Omit<SimulationOptions<Counting>, 'definition'> & { readonly mistake?: CounterOptions }) {
    const { nodes, mistake } = options;
    const check = (simulation: Simulation<Counting>): void => {
      for (const [node, count] of this.acknowledged) {
        const holders = nodes.filter((holder) => storedCount(simulation.durable(holder), node) >= count).length;
        if (2 * holders <= nodes.length)
          throw new Error(`${count} of ${node} is acknowledged but durable on ${holders} only`);
      }
    };
    this.simulation = new Simulation<Counting>({ definition: defineCounter(nodes, mistake), check, ...options });
    this.simulation.start();
  }

  increment(node: NodeId): boolean {
    if (!this.simulation.isUp(node)) return false;
    this.simulation.invoke(node, 'increment', (count) => {
      this.answers.counted++;
      this.acknowledged.set(node, Math.max(count, this.acknowledged.get(node) ?? 0));
    });
    return true;
  }

  /** All count once more, and are answered. */
  settle(): void {
    const { nodes } = this.simulation;
    this.acknowledged.clear();
    nodes.forEach((node) => this.increment(node));
    this.simulation.runUntil(() => this.acknowledged.size === nodes.length, { within: 500 });
  }
}

export interface Increment {
  readonly node: NodeId;
}

/** Counting clusters as a system, with or without a mistake. */
export function counterSystem(mistake?: CounterOptions): System<Increment> {
  const system: System<Increment> = {
    name: 'counter',
    survives: faultKinds.filter((kind) => !forgetfulFaults.includes(kind)),
    messages: ['tell', 'told'],
    answers: ['counted'],
    subjectOf: (message) => `count ${(message as Counting['message']).count}`,
    plan: (seed, options = {}) =>
      drawSchedule(system, seed, options, {}, ({ random, nodes, moment }) =>
        Array.from({ length: 320 }, () => ({ at: moment(), node: nodes[drawIndex(random, nodes.length)]! })),
      ),
    start({ seed, nodes, network, disk }, probe) {
      const cluster = new CountingCluster({ seed, nodes, network, disk, probe, mistake });
      const { simulation, answers } = cluster;
      return {
        simulation,
        answers,
        allows: () => true,
        operate: ({ node }) => cluster.increment(node),
        settle: () => cluster.settle(),
        describe: (node) => nodes.map((of) => `${of} ${storedCount(simulation.durable(node), of)}`),
      };
    },
  };
  return system;
}
