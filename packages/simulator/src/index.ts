/**
 * The simulator: runs any machine of the kernel's contract on seeded clocks, disks and a seeded network.
 *
 * @packageDocumentation
 */
export type { DiskConditions } from './disk.js';
export { randomFaults, type FaultPlan } from './faults.js';
export type { NetworkConditions } from './network.js';
export type { CrashPoint } from './node.js';
export { drawFrom, drawIndex, seededRandom, type Range } from './random.js';
export type { Counts } from './recorder.js';
export { Simulation, type SimulationOptions } from './simulation.js';
export type { FaultKind, Trace, TraceEvent, TraceKind } from './trace.js';
export { Violation } from './violation.js';
