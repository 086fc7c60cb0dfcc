import type { NodeId, Time } from '@synod/kernel';
import { execute } from './execute.js';
import type { Flight } from './network.js';
import type { Schedule } from './schedule.js';
import type { SimulationControls } from './simulation.js';
import type { RunningSystem, System } from './system.js';
import type { TraceEvent, TraceKind } from './trace.js';
import { Violation } from './violation.js';

/** How things stand after one event of a run that left a trace. */
export interface Frame {
  /** From 1. */
  readonly number: number;
  readonly time: Time;
  /** What the event left in the trace, as lines. */
  readonly lines: readonly string[];
  readonly nodes: readonly NodeState[];
  /** Messages on their way, in order of sending. */
  readonly inFlight: readonly Flight[];
}

export interface NodeState {
  readonly node: NodeId;
  readonly state: 'up' | 'paused' | 'down';
  /** What its disk holds. */
  readonly disk: readonly string[];
}

/** A system that takes part, and how many lines its start left in the trace. */
type Started<O> = RunningSystem<O> & { readonly linesBefore: number };

const landmarkKinds: ReadonlySet<TraceKind> = new Set([
  'invoke',
  'answer',
  'fault',
  'fault-end',
  'crash',
  'restart',
  'fatal',
] as const);

/** Thrown to end a run at the frame that is wanted. */
class Reached extends Error {}

/**
 * A run that can be looked at frame by frame, in any direction. It keeps no states: the same schedule gives the same run,
 * so each look runs it again up to that frame.
 */
export class Tape<O> {
  readonly #system: System<O>;
  readonly #schedule: Schedule<O>;
  /** Of each frame: how many events the run had had, and which lines of the trace are its own. */
  readonly #marks: { readonly events: number; readonly lines: number }[] = [];
  /** All that the run left in its trace. */
  readonly trace: readonly TraceEvent[];
  /** The numbers of the frames in which an operation, an answer or a fault begins or ends. */
  readonly landmarks: readonly number[];
  /** How the run ends, if not well. */
  readonly violation: Violation | undefined;

  constructor(system: System<O>, schedule: Schedule<O>) {
    this.#system = system;
    this.#schedule = schedule;
    let last: SimulationControls | undefined;
    let seen: number | undefined;
    this.violation = this.#run((simulation, system) => {
      last = simulation;
      const { total } = simulation.trace;
      seen ??= system.linesBefore;
      if (total === seen) return;
      this.#marks.push({ events: simulation.events, lines: total - seen });
      seen = total;
    });
    this.trace = last?.trace.events ?? [];
    let end = this.trace.length - this.#marks.reduce((sum, { lines }) => sum + lines, 0);
    this.landmarks = this.#marks.flatMap(({ lines }, i) => {
      const own = this.trace.slice(end, (end += lines));
      return own.some(({ kind }) => landmarkKinds.has(kind)) ? [i + 1] : [];
    });
  }

  /** How many frames there are. */
  get length(): number {
    return this.#marks.length;
  }

  /** The frame of a number, from 1 to `length`; the nearest one for any other. */
  frame(wanted: number): Frame {
    const number = Math.min(Math.max(1, wanted), this.length);
    const { events, lines } = this.#marks[number - 1]!;
    let frame: Frame | undefined;
    this.#run((simulation, system) => {
      if (simulation.events < events) return;
      frame = {
        number,
        time: simulation.now,
        lines: simulation.trace.tail(lines).split('\n'),
        nodes: simulation.nodes.map((node) => stateOf(node, simulation, system)),
        inFlight: simulation.inFlight,
      };
      throw new Reached();
    });
    return frame!;
  }

  /** Runs it again; looks from the moment on at which the system takes part. */
  #run(look: (simulation: SimulationControls, system: Started<O>) => void): Violation | undefined {
    let running: Started<O> | undefined;
    const system: System<O> = {
      ...this.#system,
      start: (schedule, probe) => {
        const started = this.#system.start(schedule, probe);
        return (running = { ...started, linesBefore: started.simulation.trace.total });
      },
    };
    try {
      execute(system, this.#schedule, {
        traceLimit: Number.MAX_SAFE_INTEGER,
        afterEvent: (simulation) => running && look(simulation, running),
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return error.cause instanceof Reached ? undefined : error;
    }
  }
}

function stateOf(node: NodeId, simulation: SimulationControls, system: RunningSystem): NodeState {
  const state = !simulation.isUp(node) ? 'down' : simulation.isPaused(node) ? 'paused' : 'up';
  return { node, state, disk: system.describe(node) };
}
