import { SynodError } from '../errors.js';
import type { Clock, Failpoints, Observer, Storage, StorageWrite, Transport, TransportEvents } from '../ports.js';
import { NodeLoop, type NodeLoopOptions } from '../loop.js';
import type { Opening } from '../standing.js';
import { witnessKey } from '../witness.js';
import { Effects, type Input, type Machine, type OperationId, type Output, type Time } from '../machine.js';

/** A protocol without rules: a command says itself what it does. */
export interface Scripted {
  command: (effects: Effects<Scripted>, id: OperationId) => void;
  result: string;
  message: string;
  record: string;
}

/** A clock that stands still until it is told to move; turns run when they are told to. */
class ManualClock implements Clock {
  #now: Time = 0;
  #soon: (() => void)[] = [];
  readonly alarms = new Map<() => void, Time>();

  now(): Time {
    return this.#now;
  }

  at(time: Time, task: () => void): () => void {
    this.alarms.set(task, time);
    return () => this.alarms.delete(task);
  }

  soon(task: () => void): void {
    this.#soon.push(task);
  }

  /** Ends the present turn. Returns whether there was one to end. */
  turn(): boolean {
    const tasks = this.#soon;
    this.#soon = [];
    for (const task of tasks) task();
    return tasks.length > 0;
  }

  /** Moves to `time` and rings the alarms that are due. */
  moveTo(time: Time): void {
    this.#now = time;
    for (const [task, due] of [...this.alarms]) {
      if (due > time || !this.alarms.delete(task)) continue;
      task();
    }
  }
}

/** Storage whose writes end when they are told to. */
class ManualStorage implements Storage {
  opening: Opening = { disk: 'disk of S1', incarnation: 1n, recovered: 0 };
  lastNumber = 0;
  /** What the witness remembers is apart: it goes with the writes of others. */
  memory: Uint8Array | undefined;
  readonly durable = new Map<string, string>();
  readonly writes: { readonly batch: readonly StorageWrite[]; readonly done: (error?: Error) => void }[] = [];
  readonly #log: string[];

  constructor(log: string[]) {
    this.#log = log;
  }

  write(batch: readonly StorageWrite[], done: (error?: Error) => void): void {
    const own = batch.filter(({ key }) => key !== witnessKey);
    this.#log.push(`write ${own.map(({ key, value }) => `${key}=${textOf(value) ?? '-'}`).join(' ')}`);
    this.writes.push({ batch, done });
  }

  get(key: string): Uint8Array | undefined {
    if (key === witnessKey) return this.memory;
    const put = this.writes.flatMap(({ batch }) => batch).findLast((candidate) => candidate.key === key);
    const value = put ? textOf(put.value) : this.durable.get(key);
    return value === undefined ? undefined : Buffer.from(value);
  }

  async *scan(range: { from: string; to: string }): AsyncIterable<readonly [string, Uint8Array]> {
    for (const [key, value] of [...this.durable].sort()) {
      if (key >= range.from && key < range.to) yield [key, Buffer.from(value)];
    }
  }

  /** Ends the oldest write. */
  finish(error?: Error): void {
    const { batch, done } = this.writes.shift()!;
    if (!error) this.lastNumber++;
    for (const { key, value } of error ? [] : batch) {
      if (key === witnessKey) this.memory = value;
      else if (value === undefined) this.durable.delete(key);
      else this.durable.set(key, textOf(value)!);
    }
    done(error);
  }

  async close(): Promise<void> {}
}

/** One node `S1` on ports that move only when told. `log` is what the world saw, in order. */
export class ScriptedNode {
  readonly log: string[] = [];
  readonly clock = new ManualClock();
  readonly storage = new ManualStorage(this.log);
  readonly fatal: Error[] = [];
  /** What the machine was built from. */
  readonly recovered: (readonly [string, string])[] = [];
  wakeAt: Time | undefined;
  /** The machine wants a `turn`. */
  hasGathered = false;
  /** The machine's answer to whatever is not a command. */
  react: (input: Input<Scripted>, effects: Effects<Scripted>, now: Time) => void = () => {};
  /** The machine's window on its records. */
  read!: (key: string) => string | undefined;
  network!: TransportEvents<string>;
  loop!: NodeLoop<Scripted>;

  async open(options: { observer?: Observer<Scripted>; failpoints?: Failpoints<Scripted> } = {}): Promise<this> {
    this.loop = await NodeLoop.open<Scripted>({ ...this.#ports(), ...options });
    return this;
  }

  /** Invokes; the log will show `answer <name>` when `effects.answer` is released. */
  ask(name: string, command: (effects: Effects<Scripted>) => void = () => {}): void {
    this.loop.invoke(
      (effects, id) => {
        command(effects);
        effects.answer(id, name);
      },
      (result) => this.log.push(`answer ${result}`),
    );
  }

  /** Ends turns and writes until nothing is left to do. */
  settle(): void {
    for (;;) {
      if (this.clock.turn()) continue;
      if (this.storage.writes.length === 0) return;
      this.storage.finish();
    }
  }

  #ports(): NodeLoopOptions<Scripted> {
    const transport: Transport<string> = {
      start: (events) => (this.network = events),
      send: (messages) => {
        this.log.push(`send ${messages.map(({ to, message }) => `${to} ${message}`).join(', ')}`);
      },
      announce: (number) => this.log.push(`announce ${number}`),
    };
    return {
      self: 'S1',
      storage: this.storage,
      transport,
      clock: this.clock,
      onFatal: (error) => this.fatal.push(error),
      definition: {
        codec: { encode: (_, text, writer) => writer.raw(Buffer.from(text)), decode: (_, bytes) => decode(bytes) },
        live: { from: 'live/', to: 'live0' },
        recover: (reader) => {
          this.read = (key) => reader.get(key);
          return { add: (key, record) => this.recovered.push([key, record]), build: () => this.#machine() };
        },
      },
    };
  }

  /** The machine is the node itself, seen through the contract. */
  #machine(): Machine<Scripted> {
    const step = (input: Input<Scripted>, now: Time): Output<Scripted> => {
      const effects = new Effects<Scripted>();
      if (input.kind === 'invoke') input.command(effects, input.id);
      else this.react(input, effects, now);
      return effects;
    };
    return Object.defineProperties(
      { step, wakeAt: undefined },
      {
        wakeAt: { get: () => this.wakeAt },
        hasGathered: { get: () => this.hasGathered },
      },
    );
  }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

function decode(bytes: Uint8Array): string {
  const text = textOf(bytes)!;
  if (text === 'damaged') throw new SynodError('corrupt', text);
  return text;
}
