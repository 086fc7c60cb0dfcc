import { invariant, quorumSize, type NodeId, type Random } from '@synod/kernel';
import { drawFrom, drawIndex, seededRandom, type Range } from '@synod/simulator';
import { monotonicTime } from '../record/monotonic-time.js';
import { pause } from '../record/pause.js';
import { settleAll } from '../record/settle-all.js';
import { drawFault, shuffled } from './draw-fault.js';
import { isOfDisk, isOfLinks, showFault, touchedBy, type Fault, type FaultClass } from './fault.js';

/** Servers to which faults can be done, and undone. Each resolves when it is so. */
export interface Breakable {
  make(fault: Fault): Promise<void>;
  /** Resolves when the servers take part again. */
  heal(fault: Fault): Promise<void>;
}

/** Something that was done to servers. */
export interface FaultEvent {
  readonly step: 'made' | 'healed';
  readonly fault: Fault;
  /** Nanoseconds on the clock of the history. */
  readonly began: bigint;
  readonly ended: bigint;
}

/** For people, in a few words. */
export function showEvent({ step, fault }: FaultEvent): string {
  return `${step === 'made' ? '' : 'healed: '}${showFault(fault)}`;
}

export interface NemesisOptions {
  readonly breakable: Breakable;
  /** Which faults; at least one. */
  readonly classes: readonly FaultClass[];
  /** Of each of these groups a majority stays untouched; a server may be in several. */
  readonly replicaSets: readonly (readonly NodeId[])[];
  /** Any number of servers may be faulty at once, all of them too. Default false. */
  readonly mayTakeMajority?: boolean;
  /** The same seed: the same faults in the same order, at the same distances. */
  readonly seed: number;
  /** No fault begins after it, and those that are there are healed. */
  readonly signal: AbortSignal;
  /** Milliseconds between the end of one change and the next one. */
  readonly betweenMs?: Range;
  readonly log?: (event: FaultEvent) => void;
}

const defaultBetweenMs: Range = [100, 2000];
/** How often a fault is drawn anew that can not be now, before that is given up. */
const draws = 20;

/** A plan of faults: it breaks servers and links, one or several at a time, and heals them, and leaves none broken. */
export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #random: Random;
  readonly #servers: readonly NodeId[];
  readonly #inForce = new Set<Fault>();

  constructor(options: NemesisOptions) {
    invariant(options.classes.length > 0, 'there are faults to choose from');
    this.#options = options;
    this.#random = seededRandom(options.seed, 'nemesis');
    this.#servers = [...new Set(options.replicaSets.flat())];
  }

  /** Resolves after the signal, when all is healed. Rejects if something could not be broken or healed. */
  async run(): Promise<void> {
    const rage = this.#rage();
    await settleAll([rage, rage.catch(() => {}).then(() => this.#heal([...this.#inForce]))]);
  }

  async #rage(): Promise<void> {
    const { signal, betweenMs = defaultBetweenMs } = this.#options;
    for (;;) {
      await pause(drawFrom(this.#random, betweenMs), signal);
      if (signal.aborted) return;
      const faults = this.#drawFaults();
      const healable = this.#drawHealable();
      if (healable.length > 0 && (faults.length === 0 || this.#random() < 0.5)) await this.#heal(healable);
      else await this.#make(faults);
    }
  }

  /** Faults that may all be made now, beside those in force: one to as many as there are servers. */
  #drawFaults(): Fault[] {
    const count = 1 + drawIndex(this.#random, this.#servers.length);
    const faults: Fault[] = [];
    for (let i = 0; i < draws && faults.length < count; i++) {
      const fault = drawFault(this.#random, this.#options.classes, this.#servers);
      if (this.#mayMake(fault, [...this.#inForce, ...faults])) faults.push(fault);
    }
    return faults;
  }

  /**
   * One disk at a time: who copies its registers needs all others, none of which may be copying (docs/registers.md).
   */
  #mayMake(fault: Fault, others: readonly Fault[]): boolean {
    const { replicaSets, mayTakeMajority = false } = this.#options;
    const touched = new Set(others.flatMap(touchedBy));
    const mine = touchedBy(fault);
    if (mine.length === 0 || mine.some((server) => touched.has(server))) return false;
    if (others.some((other) => (isOfLinks(other) && isOfLinks(fault)) || (isOfDisk(other) && isOfDisk(fault)))) {
      return false;
    }
    const isSound = (server: NodeId) => !touched.has(server) && !mine.includes(server);
    return mayTakeMajority || replicaSets.every((set) => set.filter(isSound).length >= quorumSize(set.length));
  }

  /** Some of those in force, all if there is a disk among them: a server that lost it needs the others to come back. */
  #drawHealable(): Fault[] {
    const all = shuffled(this.#random, [...this.#inForce]);
    const some = all.slice(0, 1 + drawIndex(this.#random, all.length));
    return some.some(isOfDisk) ? all : some;
  }

  async #make(faults: readonly Fault[]): Promise<void> {
    await settleAll(
      faults.map(async (fault) => {
        this.#inForce.add(fault);
        await this.#do('made', fault);
      }),
    );
  }

  /** A fault is in force until it is healed. */
  async #heal(faults: readonly Fault[]): Promise<void> {
    const heal = async (fault: Fault) => {
      await this.#do('healed', fault);
      this.#inForce.delete(fault);
    };
    await settleAll(faults.filter((fault) => !isOfDisk(fault)).map(heal));
    await settleAll(faults.filter(isOfDisk).map(heal));
  }

  async #do(step: FaultEvent['step'], fault: Fault): Promise<void> {
    const began = monotonicTime();
    await this.#options.breakable[step === 'made' ? 'make' : 'heal'](fault);
    this.#options.log?.({ step, fault, began, ended: monotonicTime() });
  }
}
