/**
 * The simulator: runs any machine of the kernel's contract on seeded clocks, disks and a seeded network.
 *
 * @packageDocumentation
 */
export { addCoverage, missing, noCoverage, type Coverage } from './coverage.js';
export type { DiskConditions, DiskFaults } from './disk.js';
export { drawSchedule, nodesUpTo, type OperationDraw } from './draw-schedule.js';
export { execute, violationOf, type Evidence } from './execute.js';
export { drawCounts, faultPlan, type FaultPlan } from './fault-plan.js';
export { faultKinds, forgetfulFaults, type Fault, type FaultKind, type Timed } from './fault.js';
export { runUnderFaults, type AllowFault } from './run-under-faults.js';
export type { Flight, NetworkConditions } from './network.js';
export { crashPoints, type CrashPoint } from './crash-point.js';
export { drawFrom, drawIndex, seededRandom, type Range } from './random.js';
export type { Counts } from './recorder.js';
export { readSchedule, writeSchedule, type Schedule } from './schedule.js';
export { shrink, type Shrunk } from './shrink.js';
export { simulate, simulateSeed } from './simulate.js';
export { Simulation, type Probe, type SimulationControls, type SimulationOptions } from './simulation.js';
export { Tape, type Frame, type NodeState } from './tape.js';
export type { PlanOptions, RunningSystem, System } from './system.js';
export type { IncidentKind, Trace, TraceEvent, TraceKind } from './trace.js';
export { Violation } from './violation.js';
