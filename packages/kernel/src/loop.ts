import { SynodError } from './errors.js';
import { GroupEncoder } from './group-encoder.js';
import { invariant } from './invariant.js';
import type { Machine, NodeId, OperationId, Outgoing, Protocol, Time, Input } from './machine.js';
import type { Clock, Failpoints, MachineDefinition, Observer, Stepped, Storage, Transport } from './ports.js';
import { PassingMap } from './passing-map.js';
import { Recovery } from './recovery.js';
import { Witness, witnessKey } from './witness.js';

/** A peer that no message goes to hears of a write after this time. */
const announceMs = 100;

export interface NodeLoopOptions<P extends Protocol> {
  readonly self: NodeId;
  readonly definition: MachineDefinition<P>;
  readonly storage: Storage;
  readonly transport: Transport<P['message']>;
  readonly clock: Clock;
  readonly observer?: Observer<P>;
  readonly failpoints?: Failpoints<P>;
  /**
   * Called once if the node can not go on: its storage failed, its machine or a caller's `done` threw, or a peer
   * remembers more of its disk than the disk holds (`SynodError` `disk_cut`). Nothing is written or released after it,
   * and what was asked stays unanswered.
   */
  readonly onFatal: (error: Error) => void;
}

/**
 * Runs one machine. Each turn it takes in everything that has arrived, steps the machine for each input, and once more if
 * it has gathered something over them, writes what all those steps persist as *one* durable write, and then releases
 * their messages and answers in step order. While a write is under way the next turns' steps gather into the next group:
 * at most one write is in flight.
 *
 * An output that persists nothing still waits for those before it: what it says may rest on what is not durable yet.
 */
export class NodeLoop<P extends Protocol> {
  readonly #self: NodeId;
  readonly #machine: Machine<P>;
  readonly #encoder: GroupEncoder<P['record']>;
  readonly #storage: Storage;
  readonly #transport: Transport<P['message']>;
  readonly #clock: Clock;
  readonly #observer: Observer<P> | undefined;
  readonly #failpoints: Failpoints<P> | undefined;
  readonly #onFatal: (error: Error) => void;
  readonly #witness: Witness;
  readonly #unwritten: PassingMap<string, P['record'] | undefined>;
  readonly #waiting = new PassingMap<OperationId, (result: P['result']) => void>();

  #inputs: Input<P>[] = [];
  #group: Stepped<P>[] = [];
  #nextOperation: OperationId = 1;
  #turnScheduled = false;
  /** `wakeAt` has come. */
  #wakeDue = false;
  /** One group is being written or released; the next one gathers meanwhile. */
  #underWay = false;
  #state: 'running' | 'stopping' | 'stopped' = 'running';
  #wakeAt: Time | undefined;
  #cancelWake: (() => void) | undefined;
  #cancelAnnouncement: (() => void) | undefined;
  readonly #stopped: (() => void)[] = [];

  /**
   * Recovers the machine from storage and starts it. Rejects with `SynodError`: `corrupt` if storage contradicts itself,
   * `disk_cut` if a peer has refused it before.
   */
  static async open<P extends Protocol>(options: NodeLoopOptions<P>): Promise<NodeLoop<P>> {
    const recovery = new Recovery(options);
    for await (const [key, bytes] of options.storage.scan(options.definition.live)) recovery.take(key, bytes);
    return new NodeLoop(options, recovery);
  }

  /** Starts the machine from what `recovery` has taken; by default from nothing. `open` reads storage itself. */
  constructor(options: NodeLoopOptions<P>, recovery = new Recovery(options)) {
    this.#self = options.self;
    this.#encoder = new GroupEncoder(options.definition.codec);
    this.#storage = options.storage;
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#observer = options.observer;
    this.#failpoints = options.failpoints;
    this.#onFatal = options.onFatal;
    this.#witness = new Witness(this.#storage.opening, this.#storage.get(witnessKey));
    if (this.#witness.cut !== undefined) throw new SynodError('disk_cut', this.#witness.cut);
    this.#unwritten = recovery.unwritten;
    this.#machine = recovery.machine();
    this.#transport.start({
      standing: this.#witness.standing,
      greet: (peer, standing) => {
        const remembered = this.#witness.greet(peer, standing);
        return remembered && `${this.#self} remembers ${remembered}`;
      },
      heard: (peer, number) => this.#witness.heard(peer, number),
      refused: (reason) => this.#refused(reason),
      deliver: (from, message) => {
        if (this.#state !== 'running') return;
        this.#observer?.received?.(from, message, this.#clock.now());
        this.#take({ kind: 'deliver', from, message });
      },
      link: (peer, up) => {
        if (this.#state !== 'running') return;
        if (up) this.#announceSoon();
        this.#take({ kind: 'link', peer, up });
      },
    });
    this.#armWake();
  }

  /** How many invocations wait for their result: what admission control looks at. */
  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Asks the machine; `done` gets the result once it is durable. Throws `SynodError` `unavailable` after the end. */
  invoke(command: P['command'], done: (result: P['result']) => void): void {
    if (this.#state !== 'running') throw new SynodError('unavailable', `${this.#self} is stopping`);
    const id = this.#nextOperation++;
    this.#waiting.set(id, done);
    this.#take({ kind: 'invoke', id, command });
  }

  /**
   * Takes in what has arrived, waits until it is durable and released, and stops. Nothing that arrives later is taken
   * in, or a busy network would keep the node from ever stopping; what the machine tells itself still is. Invocations
   * that wait for other nodes stay unanswered. Storage and transport stay open.
   */
  stop(): Promise<void> {
    if (this.#state === 'running') {
      this.#state = 'stopping';
      this.#cancelAlarms();
    }
    return new Promise((resolve) => {
      this.#stopped.push(resolve);
      this.#endIfIdle();
    });
  }

  #take(input: Input<P>): void {
    this.#inputs.push(input);
    this.#scheduleTurn();
  }

  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    this.#clock.soon(() => this.#turn());
  }

  #turn(): void {
    this.#turnScheduled = false;
    if (this.#state === 'stopped') return;
    const inputs = this.#inputs;
    this.#inputs = [];
    // After a stall an alarm rings before what arrived meanwhile is read: it must not judge without it.
    if (this.#wakeDue) inputs.push({ kind: 'wake' });
    this.#wakeDue = false;
    const now = this.#clock.now();
    try {
      for (const input of inputs) this.#step(input, now);
      if (this.#machine.hasGathered) this.#step({ kind: 'turn' }, now);
      this.#armWake();
      this.#writeGroup();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #step(input: Input<P>, now: Time): void {
    const output = this.#machine.step(input, now);
    for (const put of output.persist) this.#unwritten.set(put.key, put.value);
    this.#group.push({ input, output });
    this.#observer?.stepped?.(input, output, now);
  }

  #writeGroup(): void {
    if (this.#underWay) return;
    const group = this.#group;
    if (group.length === 0) return this.#endIfIdle();
    this.#group = [];
    this.#underWay = true;
    this.#failpoints?.reached('before-write', group);
    if (this.#unwritten.size === 0) return this.#release(group);

    const batch = this.#encoder.encode(this.#unwritten);
    this.#unwritten.clear();
    const puts = batch.length;
    const started = this.#clock.now();
    const memory = this.#witness.recordWith(started);
    if (memory !== undefined) batch.push({ key: witnessKey, value: memory });
    this.#storage.write(batch, (error) => {
      if (this.#state === 'stopped') return;
      if (error) return this.#fail(error);
      try {
        this.#announceSoon();
        this.#observer?.written?.(puts, this.#clock.now() - started);
        this.#failpoints?.reached('after-write', group);
        this.#release(group);
      } catch (failure) {
        this.#fail(failure as Error);
      }
    });
  }

  #release(group: readonly Stepped<P>[]): void {
    const outgoing: Outgoing<P['message']>[] = [];
    for (const { output } of group) {
      for (const item of output.send) {
        if (item.to === this.#self) this.#take({ kind: 'deliver', from: this.#self, message: item.message });
        else outgoing.push(item);
      }
    }
    if (outgoing.length > 0) this.#transport.send(outgoing, this.#storage.lastNumber);
    for (const { input, output } of group) {
      for (const { id, result } of output.complete) {
        const done = this.#waiting.get(id);
        invariant(done, `${this.#self} answers operation ${id}, which waits for an answer`);
        this.#waiting.delete(id);
        done(result);
      }
      this.#observer?.released?.(output, input);
    }
    this.#failpoints?.reached('after-release', group);
    this.#underWay = false;
    this.#writeGroup();
  }

  #armWake(): void {
    const wakeAt = this.#machine.wakeAt;
    if (wakeAt === this.#wakeAt || this.#state !== 'running') return;
    this.#cancelWake?.();
    this.#wakeAt = wakeAt;
    this.#cancelWake =
      wakeAt === undefined
        ? undefined
        : this.#clock.at(wakeAt, () => {
            this.#wakeAt = undefined;
            this.#cancelWake = undefined;
            this.#wakeDue = true;
            this.#scheduleTurn();
          });
  }

  /** What a peer has not heard of it can not miss. One alarm tells all that changes before it rings. */
  #announceSoon(): void {
    if (this.#cancelAnnouncement !== undefined || this.#state !== 'running') return;
    this.#cancelAnnouncement = this.#clock.at(this.#clock.now() + announceMs, () => {
      this.#cancelAnnouncement = undefined;
      this.#transport.announce(this.#storage.lastNumber);
    });
  }

  /** What the disk lost was confirmed once: nothing that stands on it may be said. The next start shall know at once. */
  #refused(reason: string): void {
    if (this.#state === 'stopped') return;
    this.#witness.condemn(reason);
    this.#storage.write([{ key: witnessKey, value: this.#witness.record() }], () => {});
    this.#fail(new SynodError('disk_cut', reason));
  }

  #cancelAlarms(): void {
    this.#cancelWake?.();
    this.#cancelAnnouncement?.();
  }

  #endIfIdle(): void {
    if (this.#state === 'running') return;
    if (this.#state === 'stopping' && (this.#turnScheduled || this.#underWay)) return;
    this.#state = 'stopped';
    for (const resolve of this.#stopped.splice(0)) resolve();
  }

  #fail(error: Error): void {
    this.#state = 'stopped';
    this.#cancelAlarms();
    this.#endIfIdle();
    this.#onFatal(error);
  }
}
