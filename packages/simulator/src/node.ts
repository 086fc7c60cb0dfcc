import {
  invariant,
  NodeLoop,
  Recovery,
  SynodError,
  type MachineDefinition,
  type NodeId,
  type NodeLoopOptions,
  type Observer,
  type Outgoing,
  type Protocol,
} from '@synod/kernel';
import type { CrashPoint } from './crash-point.js';
import type { Directory } from './directory.js';
import type { SimulatedDisk } from './disk.js';
import { NamedEvents } from './named-events.js';
import type { SimulatedNetwork } from './network.js';
import { Process } from './process.js';
import type { Recorder } from './recorder.js';
import type { Timeline } from './timeline.js';

/** What a simulated node stands on. */
export interface NodeWorld<P extends Protocol> {
  readonly timeline: Timeline;
  readonly network: SimulatedNetwork<P['message']>;
  readonly directory: Directory;
  readonly disk: SimulatedDisk;
  readonly recorder: Recorder;
  readonly define: () => MachineDefinition<P>;
  readonly observer: Observer<P> | undefined;
  /** `node` heard of one that bears its name no more, as far as it knows. */
  readonly former: (node: NodeId, from: NodeId) => void;
  /** The node's program ended by itself: its machine threw. */
  readonly onFatal: (error: Error) => void;
}

/** Thrown out of the loop's failpoint, so that the loop goes no further. */
class CrashHere extends Error {}

/** One node of a simulation: a disk that lasts, and a process in which the shipped loop runs the machine. */
export class SimulatedNode<P extends Protocol> {
  readonly id: NodeId;
  readonly #world: NodeWorld<P>;
  #process: Process | undefined;
  #loop: NodeLoop<P> | undefined;
  #events: NamedEvents<P['message']> | undefined;
  #armed: { readonly point: CrashPoint; skip: number } | undefined;
  #crashed = false;

  constructor(id: NodeId, world: NodeWorld<P>) {
    this.id = id;
    this.#world = world;
  }

  get up(): boolean {
    return this.#process !== undefined;
  }

  get paused(): boolean {
    return this.#process?.paused ?? false;
  }

  /** Down because the simulation took it down, not because its program ended. */
  get crashed(): boolean {
    return this.#crashed;
  }

  get disk(): SimulatedDisk {
    return this.#world.disk;
  }

  /** The clock of its present life. */
  get clock(): Pick<Process, 'runAt' | 'jump'> | undefined {
    return this.#process;
  }

  start(): void {
    invariant(!this.up, `${this.id} is down before it starts`);
    const { timeline, network, directory, disk, define } = this.#world;
    directory.forget(this.id);
    const process = new Process(timeline);
    this.#process = process;
    this.#crashed = false;
    try {
      const definition = define();
      const options: NodeLoopOptions<P> = {
        self: directory.nameOf(this.id),
        definition,
        storage: disk.mount(process),
        transport: {
          start: (events) => {
            this.#events = new NamedEvents(this.id, directory, events, (from) => this.#world.former(this.id, from));
            network.join(this.id, process, this.#events);
          },
          send: (messages, number) => process.alive && network.send(this.id, this.#addressed(messages), number),
          announce: (number) => process.alive && network.announce(this.id, number),
        },
        clock: process,
        observer: this.#observer(),
        failpoints: { reached: (point) => this.#reached(process, point) },
        onFatal: (error) => this.#ended(process, error),
      };
      const recovery = new Recovery(options);
      for (const [key, bytes] of disk.range(definition.live)) recovery.take(key, bytes);
      this.#loop = new NodeLoop(options, recovery);
    } catch (error) {
      this.#ended(process, error as Error);
    }
  }

  /** From now on, and until it starts anew, it looks for `name` at another node. */
  direct(name: NodeId, to: NodeId): void {
    const { directory } = this.#world;
    const from = directory.at(this.id, name);
    directory.direct(this.id, name, to);
    if (from !== to) this.#process?.soon(() => this.#events?.moved(name, from, to));
  }

  invoke(command: P['command'], done: (result: P['result']) => void): void {
    if (!this.#loop) throw new SynodError('unavailable', `${this.id} is down`);
    const process = this.#process;
    this.#loop.invoke(command, (result) => {
      this.#world.recorder.event('answer', this.id, undefined, result);
      done(result);
      if (!process?.alive) throw new CrashHere();
    });
  }

  crash(): void {
    invariant(this.up, `${this.id} is up before it crashes`);
    this.#world.recorder.incident('crash', this.id);
    this.#crashed = true;
    this.#end();
  }

  /** Crashes when the loop next reaches `point`, after passing it `skip` times. */
  crashAt(point: CrashPoint, skip: number): void {
    this.#armed = { point, skip };
  }

  disarm(): void {
    this.#armed = undefined;
  }

  pause(): void {
    invariant(this.#process, `${this.id} is up before it is paused`);
    this.#world.recorder.incident('pause', this.id);
    this.#process.pause();
  }

  resume(): void {
    if (!this.#process?.paused) return;
    this.#world.recorder.incident('resume', this.id);
    this.#process.resume();
  }

  #addressed(messages: readonly Outgoing<P['message']>[]): Outgoing<P['message']>[] {
    const { directory } = this.#world;
    return messages.map(({ to, message }) => ({ to: directory.at(this.id, to), message }));
  }

  #reached(process: Process, point: CrashPoint): void {
    // An observer may have crashed the node while the loop was in the middle of something.
    if (!process.alive) throw new CrashHere();
    if (point === 'before-write' && this.#armed?.point === 'during-write') return this.#reachedWrite(process);
    if (this.#armed?.point !== point || this.#armed.skip-- > 0) return;
    this.#crashAtPoint(point);
    throw new CrashHere();
  }

  /** A group that persists nothing writes nothing: then it is the next write. */
  #reachedWrite(process: Process): void {
    if (this.#armed!.skip-- > 0) return;
    this.disk.midWrite = () => {
      if (process.alive && this.#armed?.point === 'during-write') this.#crashAtPoint('during-write');
    };
  }

  #crashAtPoint(point: CrashPoint): void {
    this.#world.recorder.point(point);
    this.crash();
  }

  #ended(process: Process, error: Error): void {
    if (error instanceof CrashHere) return;
    this.#world.recorder.event('fatal', this.id, undefined, error.message);
    // What its disk does to it is a fault like others: it starts again when the disk is well.
    const { failed, damaged } = this.disk;
    const code = error instanceof SynodError ? error.code : undefined;
    this.#crashed = (failed && code === 'storage_failed') || (damaged && code === 'corrupt');
    if (process.alive) this.#end();
    if (!this.#crashed) this.#world.onFatal(error);
  }

  #end(): void {
    this.#process?.end();
    this.#process = undefined;
    this.#loop = undefined;
    this.#events = undefined;
    this.#armed = undefined;
    const { survived, lost } = this.#world.disk.crash();
    if (survived > 0) this.#world.recorder.incident('tail-kept', this.id);
    if (lost > 0) this.#world.recorder.incident('tail-lost', this.id);
    this.#world.network.leave(this.id);
  }

  #observer(): Observer<P> {
    const { recorder, observer } = this.#world;
    return {
      stepped: (input, output, now) => {
        recorder.input(this.id, input);
        observer?.stepped?.(input, output, now);
      },
      written: (puts, ms) => {
        recorder.event('write', this.id, undefined, puts);
        observer?.written?.(puts, ms);
      },
      released: (output, input) => observer?.released?.(output, input),
      received: (...received) => observer?.received?.(...received),
    };
  }
}
