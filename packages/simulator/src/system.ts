import type { NodeId } from '@synod/kernel';
import type { Fault, FaultKind } from './fault.js';
import type { Schedule } from './schedule.js';
import type { Probe, SimulationControls } from './simulation.js';

/** A kind of system to simulate: which schedules it has, and how it is started for one. */
export interface System<O = unknown> {
  readonly name: string;
  /** Under any mix of these it keeps all that it promises, as far as `RunningSystem.allows` lets them happen. */
  readonly survives: readonly FaultKind[];
  /** All that its nodes tell one another, by `type`. */
  readonly messages: readonly string[];
  /** How its operations can end, by the names under which `RunningSystem.answers` counts them. */
  readonly answers: readonly string[];
  /** What one of its messages is about, in a few words. */
  subjectOf(message: unknown): string;
  /** Draws the schedule of a seed. */
  plan(seed: number, options?: PlanOptions): Schedule<O>;
  /** Builds and starts it. Returns when all its nodes take part. */
  start(schedule: Schedule<O>, probe?: Probe): RunningSystem<O>;
}

export interface PlanOptions {
  /** How many nodes. By default 3, 4 or 5, by the seed. */
  readonly nodes?: number;
  /** Kinds of faults to draw from. By default all that the system survives. */
  readonly faults?: readonly FaultKind[];
  /** How long operations and faults go on, virtual ms. Default 30,000. */
  readonly forMs?: number;
}

/** A system while it is simulated. It throws at the first moment at which it is wrong, whoever notices it. */
export interface RunningSystem<O = unknown> {
  readonly simulation: SimulationControls;
  /** How often operations ended how. */
  readonly answers: Readonly<Record<string, number>>;
  /** Whether this fault may happen now. */
  allows(fault: Fault): boolean;
  /** A client asks. Returns whether it could: not while its node is down. */
  operate(operation: O): boolean;
  /** All faults are over: lets time pass until all has come to rest, and looks at what is left. */
  settle(): void;
  /** What a node's disk holds, in lines for people. */
  describe(node: NodeId): readonly string[];
}
