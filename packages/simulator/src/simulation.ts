import {
  invariant,
  type MachineDefinition,
  type NodeId,
  type Observer,
  type Protocol,
  type Random,
  type Time,
} from '@synod/kernel';
import type { CrashPoint } from './crash-point.js';
import { Directory } from './directory.js';
import { defaultDisk, SimulatedDisk, type DiskConditions, type DiskFaults } from './disk.js';
import type { Fault } from './fault.js';
import { defaultNetwork, SimulatedNetwork, type Flight, type NetworkConditions } from './network.js';
import { SimulatedNode } from './node.js';
import type { Process } from './process.js';
import { seededRandom } from './random.js';
import { Recorder, type Counts } from './recorder.js';
import { Timeline } from './timeline.js';
import type { Trace } from './trace.js';
import { Violation } from './violation.js';

export interface SimulationOptions<P extends Protocol> {
  /** A whole number. Everything that happens follows from it and from the calls made. */
  readonly seed: number;
  readonly nodes: readonly NodeId[];
  /** More nodes, which are not started with the others, and whose name each bears: who may come to replace them. */
  readonly spares?: ReadonlyMap<NodeId, NodeId>;
  /** Called at each start of a node. `random` is the node's own and goes on over its restarts. */
  readonly definition: (node: NodeId, random: Random) => MachineDefinition<P>;
  readonly network?: Partial<NetworkConditions>;
  readonly disk?: Partial<DiskConditions>;
  readonly observer?: (node: NodeId) => Observer<P>;
  /** Called after every event. A throw is a violation. */
  readonly check?: (simulation: Simulation<P>) => void;
  /** Whether a node may end with this error, as when it refuses to serve. By default none may: it is a violation. */
  readonly expected?: (error: Error, node: NodeId) => boolean;
  /** What `node` answers to one that bears its name no more, as far as it knows: what a refused connection tells. */
  readonly former?: (node: NodeId, from: NodeId) => P['message'] | undefined;
  readonly probe?: Probe;
}

/** How to look at a run; it changes nothing. */
export interface Probe {
  /** How many events the trace keeps. Default 10,000. */
  readonly traceLimit?: number;
  /** Called after every event, before the check. A throw ends the run. */
  readonly afterEvent?: (simulation: SimulationControls) => void;
}

/** All of a simulation that does not depend on what its machines say. */
export type SimulationControls = Omit<Simulation<Protocol>, 'invoke'>;

/**
 * Runs one machine per node in the shipped loop, on simulated clocks, disks and network. Single-threaded and
 * synchronous: the same seed and the same calls give the same run, byte for byte. Times are virtual milliseconds.
 */
export class Simulation<P extends Protocol> {
  readonly seed: number;
  readonly #nodes: ReadonlyMap<NodeId, SimulatedNode<P>>;
  readonly #directory: Directory;
  readonly #timeline = new Timeline();
  readonly #recorder: Recorder;
  readonly #network: SimulatedNetwork<P['message']>;
  readonly #weather: NetworkConditions;
  readonly #check: SimulationOptions<P>['check'];
  readonly #afterEvent: Probe['afterEvent'];
  #violation: Violation | undefined;
  #events = 0;

  constructor(options: SimulationOptions<P>) {
    const { seed, spares, definition, observer, expected, probe = {} } = options;
    const nodes = [...options.nodes, ...(spares?.keys() ?? [])];
    this.#directory = new Directory(spares);
    this.seed = seed;
    this.#check = options.check;
    this.#afterEvent = probe.afterEvent;
    this.#recorder = new Recorder(() => this.now, probe.traceLimit ?? 10_000);
    this.#weather = { ...defaultNetwork, ...options.network };
    this.#network = new SimulatedNetwork(
      nodes,
      this.#timeline,
      this.random('network'),
      this.#recorder,
      this.#weather,
      this.random('announcements'),
    );
    const create = (id: NodeId): SimulatedNode<P> => {
      const disk = new SimulatedDisk(id, this.#timeline, this.random(`disk ${id}`), {
        ...defaultDisk,
        ...options.disk,
      });
      const random = this.random(`node ${id}`);
      return new SimulatedNode<P>(id, {
        timeline: this.#timeline,
        network: this.#network,
        directory: this.#directory,
        disk,
        recorder: this.#recorder,
        define: () => definition(id, random),
        former: (node, from) => {
          const message = options.former?.(node, from);
          if (message !== undefined) this.#network.send(node, [{ to: from, message }], 0);
        },
        observer: observer?.(id),
        onFatal: (error) => {
          if (!expected?.(error, id)) this.violation(`${id} ended: ${error.message}`, error);
        },
      });
    };
    this.#nodes = new Map(nodes.map((id) => [id, create(id)]));
  }

  get now(): Time {
    return this.#timeline.now;
  }

  /** How many events have happened: with the seed it names a moment of the run. */
  get events(): number {
    return this.#events;
  }

  get nodes(): readonly NodeId[] {
    return [...this.#nodes.keys()];
  }

  get trace(): Trace {
    return this.#recorder.trace;
  }

  get counts(): Counts {
    return this.#recorder.counts;
  }

  /** A random stream of its own, derived from the seed: for workloads and fault schedules. */
  random(stream: string): Random {
    return seededRandom(this.seed, stream);
  }

  /** Starts these nodes, by default all but the spares. Of the others each is down until it is restarted. */
  start(nodes: readonly NodeId[] = this.nodes.filter((node) => this.#directory.nameOf(node) === node)): void {
    for (const node of nodes) {
      this.#recorder.event('start', node);
      this.#node(node).start();
    }
  }

  /** Asks a node's machine. `done` is never called if the node crashes first. Throws `SynodError` `unavailable` if it is down. */
  invoke(node: NodeId, command: P['command'], done: (result: P['result']) => void = () => {}): void {
    this.#node(node).invoke(command, done);
  }

  /** Runs `task` in `ms` from now: clients and schedules live in virtual time too. */
  after(ms: number, task: () => void): void {
    this.#timeline.schedule(this.now + ms, task);
  }

  /** Lets `for` ms pass. Throws `Violation`. */
  run(span: { readonly for: number }): void {
    const end = this.now + span.for;
    while (this.#step(end));
  }

  /** Lets time pass until `predicate` holds, asked after every event. Throws `Violation`, also if it takes longer than `within` ms: `goal` says what. */
  runUntil(predicate: () => boolean, limit: { readonly within: number; readonly goal?: string }): void {
    const end = this.now + limit.within;
    while (!predicate()) {
      if (!this.#step(end))
        throw this.violation(`${limit.goal ?? 'what is waited for'} is not reached within ${limit.within} ms`);
    }
  }

  isUp(node: NodeId): boolean {
    return this.#node(node).up;
  }

  isPaused(node: NodeId): boolean {
    return this.#node(node).paused;
  }

  /** Messages on their way, in order of sending. */
  get inFlight(): readonly Flight[] {
    return [...this.#network.inFlight];
  }

  /** Whether a node is down because it was crashed, and not because its program ended by itself. */
  isCrashed(node: NodeId): boolean {
    return this.#node(node).crashed;
  }

  /** What a node's disk holds durably, by key. */
  durable(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return this.#node(node).disk.durable;
  }

  /** Ends a node's process at once: what is not durable is gone, what it has sent still travels. */
  crash(node: NodeId): void {
    this.#node(node).crash();
  }

  /** Crashes a node when its loop next reaches `point`, after passing it `skip` times. Forgotten if it crashes before. */
  crashAt(node: NodeId, point: CrashPoint, { skip = 0 }: { readonly skip?: number } = {}): void {
    this.#node(node).crashAt(point, skip);
  }

  /** Starts a node that is down from what its disk holds. */
  restart(node: NodeId): void {
    this.#recorder.incident('restart', node);
    this.#node(node).start();
  }

  /** From now on, and until it starts anew, `node` looks for `name` at the node `to`. */
  direct(node: NodeId, name: NodeId, to: NodeId): void {
    this.#node(node).direct(name, to);
  }

  /** Stops a node's process without ending it; what reaches it meanwhile waits. */
  pause(node: NodeId): void {
    this.#node(node).pause();
  }

  /** Goes on with a paused node, in the order in which things reached it. No effect on a node that is not paused. */
  resume(node: NodeId): void {
    this.#node(node).resume();
  }

  /** Forgets the crash that waits for its point. */
  disarm(node: NodeId): void {
    this.#node(node).disarm();
  }

  /** The clock of a node that is up, in its present life. */
  clock(node: NodeId): Pick<Process, 'runAt' | 'jump'> {
    const { clock } = this.#node(node);
    invariant(clock, `${node} is up, and so has a clock`);
    return clock;
  }

  /** What can be done to a node's disk. */
  disk(node: NodeId): DiskFaults {
    return this.#node(node).disk;
  }

  /** Counts a fault of a schedule as it takes effect. */
  recordFault(fault: Fault): void {
    this.#recorder.fault(fault);
  }

  /**
   * Whether all of these, by default all others, would from what their disks hold now refuse this node if its disk
   * forgot all but the part `kept` of what it confirmed too early. False if it would forget nothing.
   */
  isWitnessed(node: NodeId, kept: number, by = this.nodes): boolean {
    const standing = this.#node(node).disk.standingWithout(kept);
    const refuses = (peer: NodeId): boolean =>
      standing !== undefined && this.#node(peer).disk.witness().greet(node, standing) !== undefined;
    const others = by.filter((peer) => peer !== node);
    return others.length > 0 && others.every(refuses);
  }

  /** Empties the disk of a node that is down. */
  loseDisk(node: NodeId): void {
    invariant(!this.isUp(node), `${node} is down when it loses its disk`);
    this.#recorder.incident('disk-lost', node);
    this.#node(node).disk.lose();
  }

  /** Cuts one direction: what `from` sends does not reach `to`. Both are told that their connection broke. */
  cut(from: NodeId, to: NodeId): void {
    this.#network.setCut(from, to, true);
  }

  mend(from: NodeId, to: NodeId): void {
    this.#network.setCut(from, to, false);
  }

  /** Only nodes of the same group reach each other; a node in no group is alone. Replaces earlier cuts and partitions. */
  partition(groups: readonly (readonly NodeId[])[]): void {
    const together = (a: NodeId, b: NodeId): boolean => groups.some((group) => group.includes(a) && group.includes(b));
    this.#setCuts((from, to) => !together(from, to));
  }

  /** Mends every cut. */
  heal(): void {
    this.#setCuts(() => false);
  }

  /** From now on the network has these conditions, and otherwise those it started with. */
  setWeather(conditions: Partial<NetworkConditions>): void {
    this.#network.conditions = { ...this.#weather, ...conditions };
    this.#recorder.incident('weather', 'all', undefined, conditions);
  }

  /** Gives the network the conditions it started with. */
  clearWeather(): void {
    this.setWeather({});
  }

  /** Ends every fault: mends the network, resumes the paused, restarts the crashed, disarms crash points. */
  calm(): void {
    this.heal();
    this.clearWeather();
    for (const node of this.#nodes.values()) {
      node.disarm();
      node.resume();
      if (node.crashed) this.restart(node.id);
    }
  }

  /** Ends the run with a violation. The first one is the one that counts: what follows from it explains nothing. */
  violation(what: string, cause?: unknown): Violation {
    this.#violation ??= new Violation(what, { seed: this.seed, time: this.now, trace: this.trace }, { cause });
    return this.#violation;
  }

  #step(limit: Time): boolean {
    this.#throwViolation();
    try {
      if (!this.#timeline.advance(limit)) return false;
      this.#events++;
      this.#afterEvent?.(this);
      this.#check?.(this);
    } catch (error) {
      this.violation(error instanceof Error ? error.message : String(error), error);
    }
    this.#throwViolation();
    return true;
  }

  #throwViolation(): void {
    if (this.#violation) throw this.#violation;
  }

  #setCuts(isCut: (from: NodeId, to: NodeId) => boolean): void {
    for (const from of this.nodes) {
      for (const to of this.nodes) if (from !== to) this.#network.setCut(from, to, isCut(from, to));
    }
  }

  #node(id: NodeId): SimulatedNode<P> {
    const node = this.#nodes.get(id);
    invariant(node, `${id} is a node of the simulation`);
    return node;
  }
}
