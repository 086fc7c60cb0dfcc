import type { NodeId } from '@synod/kernel';
import type { Fault, Timed } from './fault.js';
import type { NetworkConditions } from './network.js';
import type { SimulationControls } from './simulation.js';

/**
 * Whether a fault may happen now: who can lose its disk depends on what the others hold. Asked as it begins; of a disk
 * that confirms too early as its power fails: if it may not forget then, it forgets nothing.
 */
export type AllowFault = (fault: Fault) => boolean;

/** Lets `forMs` pass under these faults, timed from now. Then all of them end, and no later one begins. */
export function runUnderFaults(
  simulation: SimulationControls,
  faults: readonly Timed<Fault>[],
  { forMs, allows = () => true }: { readonly forMs: number; readonly allows?: AllowFault },
): void {
  const injector = new Injector(simulation, allows);
  for (const fault of faults) simulation.after(fault.at, () => injector.begin(fault));
  simulation.run({ for: forMs });
  injector.end();
}

class Injector {
  readonly #simulation: SimulationControls;
  readonly #allows: AllowFault;
  /** What is under way, in order of begin, and what ends it. */
  readonly #active = new Map<Timed<Fault>, () => void>();
  #ended = false;

  constructor(simulation: SimulationControls, allows: AllowFault) {
    this.#simulation = simulation;
    this.#allows = allows;
  }

  begin(fault: Timed<Fault>): void {
    if (this.#ended || ('node' in fault && !this.#simulation.isUp(fault.node))) return;
    const harmsLater = fault.kind === 'lying-fsync' || fault.kind === 'lost-write';
    if (!harmsLater && !this.#allows(fault)) return;
    if (!harmsLater) this.#simulation.recordFault(fault);
    this.#active.set(fault, () => {});
    this.#active.set(fault, this.#inflict(fault));
    this.#simulation.after('forMs' in fault ? fault.forMs : 0, () => this.#finish(fault));
  }

  end(): void {
    this.#ended = true;
    for (const fault of this.#active.keys()) this.#finish(fault);
    this.#simulation.calm();
  }

  #finish(fault: Timed<Fault>): void {
    const end = this.#active.get(fault);
    this.#active.delete(fault);
    end?.();
  }

  /** Returns what ends it. */
  #inflict(fault: Fault): () => void {
    const simulation = this.#simulation;
    switch (fault.kind) {
      case 'crash':
        simulation.crash(fault.node);
        return () => this.#restart(fault.node);
      case 'crash-point':
        simulation.crashAt(fault.node, fault.point, fault);
        return () => this.#disarm(fault.node);
      case 'torn-tail':
        simulation.crashAt(fault.node, 'during-write', fault);
        return () => this.#disarm(fault.node);
      case 'pause':
        simulation.pause(fault.node);
        return () => simulation.resume(fault.node);
      case 'clock-jump':
        simulation.clock(fault.node).jump(fault.byMs);
        return () => {};
      case 'clock-rate': {
        const clock = simulation.clock(fault.node);
        clock.runAt(fault.rate);
        return () => clock.runAt(1);
      }
      case 'one-way':
      case 'partition':
      case 'majority':
      case 'ring':
        this.#cutLinks();
        return () => this.#cutLinks();
      case 'loss':
      case 'delay':
      case 'duplication':
      case 'reordering':
        this.#makeWeather();
        return () => this.#makeWeather();
      default:
        return this.#spoilDisk(fault);
    }
  }

  #spoilDisk(
    fault: Extract<
      Fault,
      { kind: 'slow-disk' | 'full-disk' | 'lost-disk' | 'bit-flip' | 'lying-fsync' | 'lost-write' }
    >,
  ): () => void {
    const { node } = fault;
    const simulation = this.#simulation;
    const disk = simulation.disk(node);
    switch (fault.kind) {
      case 'slow-disk':
        disk.slowDown(fault.times);
        return () => disk.slowDown(1);
      case 'full-disk':
        disk.full = true;
        return () => {
          disk.full = false;
          this.#restart(node);
        };
      case 'lost-disk':
        simulation.crash(node);
        simulation.loseDisk(node);
        return () => this.#restart(node);
      case 'bit-flip':
        simulation.crash(node);
        disk.damage();
        simulation.restart(node); // refused
        return () => {
          if (!simulation.isUp(node)) simulation.loseDisk(node);
          this.#restart(node);
        };
      case 'lying-fsync':
      case 'lost-write':
        disk.lie();
        return () => {
          if (simulation.isUp(node)) simulation.crash(node);
          if (this.#allows(fault)) this.#forget(fault);
          disk.confess();
          simulation.after(fault.downMs, () => this.#restart(node));
        };
    }
  }

  #forget(fault: Extract<Fault, { kept: number }>): void {
    const disk = this.#simulation.disk(fault.node);
    if (fault.kind === 'lost-write') disk.loseWrites(fault.kept);
    else disk.forget(fault.kept);
    if (disk.cut || fault.kind === 'lost-write') this.#simulation.recordFault(fault);
  }

  /** The end of a crash at a point, whether it was reached or not. */
  #disarm(node: NodeId): void {
    this.#simulation.disarm(node);
    this.#restart(node);
  }

  #restart(node: NodeId): void {
    if (this.#simulation.isCrashed(node)) this.#simulation.restart(node);
  }

  /** A direction is open if no fault that is under way cuts it. */
  #cutLinks(): void {
    const { nodes } = this.#simulation;
    for (const from of nodes) {
      for (const to of nodes) {
        if (from === to) continue;
        if ([...this.#active.keys()].some((fault) => cuts(fault, from, to))) this.#simulation.cut(from, to);
        else this.#simulation.mend(from, to);
      }
    }
  }

  /** Of two faults of one kind the later one counts. */
  #makeWeather(): void {
    let weather: Partial<NetworkConditions> = {};
    for (const fault of this.#active.keys()) {
      if (fault.kind === 'delay') weather = { ...weather, delayMs: fault.delayMs };
      else if ('probability' in fault) weather = { ...weather, [fault.kind]: fault.probability };
    }
    this.#simulation.setWeather(weather);
  }
}

function cuts(fault: Fault, from: NodeId, to: NodeId): boolean {
  switch (fault.kind) {
    case 'one-way':
      return fault.from === from && fault.to === to;
    case 'partition':
      return !fault.groups.some((group) => group.includes(from) && group.includes(to));
    case 'majority':
      return !(fault.nodes.includes(from) && fault.nodes.includes(to));
    case 'ring':
      return !areNeighbours(fault.nodes, from, to);
    default:
      return false;
  }
}

function areNeighbours(ring: readonly NodeId[], a: NodeId, b: NodeId): boolean {
  const distance = Math.abs(ring.indexOf(a) - ring.indexOf(b));
  return distance === 1 || (distance === ring.length - 1 && ring.length > 3);
}
