import type { Input, NodeId, Protocol, Time } from '@synod/kernel';
import type { Fault, FaultKind } from './fault.js';
import type { CrashPoint } from './crash-point.js';
import { Trace, type IncidentKind, type TraceKind } from './trace.js';

/** How often each thing happened, by its name: the proof that a run tried what it was meant to try. */
export interface Counts {
  /** Faults of the schedule that took effect. */
  readonly faults: Partial<Record<FaultKind, number>>;
  /** Crashes at a point, by the point. */
  readonly points: Partial<Record<CrashPoint, number>>;
  readonly incidents: Partial<Record<IncidentKind, number>>;
  /** Inputs that machines took. */
  readonly inputs: Partial<Record<Input<Protocol>['kind'], number>>;
  /** Messages that machines took, by their `type`; `message` for those that have none. */
  readonly messages: Record<string, number>;
}

/** Keeps the trace and the counts of a run. */
export class Recorder {
  readonly trace: Trace;
  readonly counts: Counts = { faults: {}, points: {}, incidents: {}, inputs: {}, messages: {} };
  readonly #now: () => Time;

  constructor(now: () => Time, traceLimit: number) {
    this.trace = new Trace(traceLimit);
    this.#now = now;
  }

  fault(fault: Fault): void {
    count(this.counts.faults, fault.kind);
    this.event('fault', 'node' in fault ? fault.node : 'all', undefined, fault);
  }

  point(point: CrashPoint): void {
    count(this.counts.points, point);
  }

  incident(kind: IncidentKind, node: NodeId, peer?: NodeId, what?: unknown): void {
    count(this.counts.incidents, kind);
    this.event(kind, node, peer, what);
  }

  input(node: NodeId, input: Input<Protocol>): void {
    count(this.counts.inputs, input.kind);
    switch (input.kind) {
      case 'invoke':
        return this.event('invoke', node, undefined, input.command);
      case 'deliver':
        count(this.counts.messages, typeOf(input.message));
        return this.event('deliver', node, input.from, input.message);
      case 'link':
        return this.event('link', node, input.peer, input.up ? 'up' : 'down');
      case 'wake':
      case 'turn':
        return this.event(input.kind, node);
    }
  }

  event(kind: TraceKind, node: NodeId, peer?: NodeId, what?: unknown): void {
    this.trace.add({ time: this.#now(), node, kind, peer, what });
  }
}

function count<K extends string>(counts: Partial<Record<K, number>>, name: K): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function typeOf(message: unknown): string {
  const named = typeof message === 'object' && message !== null && 'type' in message;
  return named && typeof message.type === 'string' ? message.type : 'message';
}
