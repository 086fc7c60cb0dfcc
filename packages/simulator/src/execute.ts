import { runUnderFaults } from './run-under-faults.js';
import type { Counts } from './recorder.js';
import type { Schedule } from './schedule.js';
import type { Probe } from './simulation.js';
import type { System } from './system.js';
import { Violation } from './violation.js';

/** What happened in a run. */
export interface Evidence {
  readonly seed: number;
  /** Virtual ms from the start of the nodes to rest. */
  readonly simulatedMs: number;
  readonly events: number;
  /** Operations that were begun. */
  readonly operations: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly counts: Counts;
}

/**
 * Runs a schedule to its end: a calm start, operations under faults, healing, rest. The same schedule gives the same run,
 * byte for byte. Throws `Violation`, which holds the schedule.
 */
export function execute<O>(system: System<O>, schedule: Schedule<O>, probe?: Probe): Evidence {
  const running = system.start(schedule, probe);
  const { simulation } = running;
  let operations = 0;
  try {
    for (const operation of schedule.operations) {
      simulation.after(operation.at, () => {
        if (running.operate(operation)) operations++;
      });
    }
    runUnderFaults(simulation, schedule.faults, { forMs: schedule.forMs, allows: (fault) => running.allows(fault) });
    running.settle();
  } catch (error) {
    const violation = error instanceof Violation ? error : simulation.violation((error as Error).message, error);
    throw violation.in(schedule);
  }
  const { now, events, counts } = simulation;
  return { seed: schedule.seed, simulatedMs: now, events, operations, answers: running.answers, counts };
}

/** Runs a schedule and returns the violation it leads to, if it does. */
export function violationOf<O>(system: System<O>, schedule: Schedule<O>): Violation | undefined {
  try {
    execute(system, schedule);
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}
