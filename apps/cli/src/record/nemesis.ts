import { invariant, quorumSize, type NodeId, type Random } from '@synod/kernel';
import { drawFrom, drawIndex, seededRandom, type Range } from '@synod/simulator';
import { monotonicTime } from './monotonic-time.js';
import { pause } from './pause.js';
import { settleAll } from './settle-all.js';

/** What can be done to servers, and undone. Each resolves when it is so. */
export interface Faults {
  kill(server: NodeId): Promise<void>;
  /** Resolves when the server takes part again. */
  restart(server: NodeId): Promise<void>;
  pause(server: NodeId): Promise<void>;
  resume(server: NodeId): Promise<void>;
  silence(server: NodeId): Promise<void>;
  unsilence(server: NodeId): Promise<void>;
  /** Cuts its links to all other servers: clients still reach it. */
  isolate(server: NodeId): Promise<void>;
  rejoin(server: NodeId): Promise<void>;
}

/** Each kind of fault, and what heals it. */
const healing = { kill: 'restart', pause: 'resume', silence: 'unsilence', isolate: 'rejoin' } as const;

export type FaultKind = keyof typeof healing;

export const faultKinds = Object.keys(healing) as readonly FaultKind[];

/** Something that was done to a server. */
export interface FaultEvent {
  readonly action: keyof Faults;
  readonly server: NodeId;
  /** Nanoseconds on the clock of the history. */
  readonly began: bigint;
  readonly ended: bigint;
}

export interface NemesisOptions {
  readonly faults: Faults;
  /** Which of them; at least one. */
  readonly kinds: readonly FaultKind[];
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

/** A schedule of faults: it breaks servers, one or several at a time, and heals them, and leaves none broken. */
export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #random: Random;
  readonly #servers: readonly NodeId[];
  readonly #faulty = new Map<NodeId, FaultKind>();

  constructor(options: NemesisOptions) {
    invariant(options.kinds.length > 0, 'there are faults to choose from');
    this.#options = options;
    this.#random = seededRandom(options.seed, 'nemesis');
    this.#servers = [...new Set(options.replicaSets.flat())];
  }

  /** Resolves after the signal, when all is healed. Rejects if something could not be broken or healed. */
  async run(): Promise<void> {
    const rage = this.#rage();
    await settleAll([rage, rage.catch(() => {}).then(() => this.#heal([...this.#faulty.keys()]))]);
  }

  async #rage(): Promise<void> {
    const { signal, betweenMs = defaultBetweenMs } = this.#options;
    for (;;) {
      await pause(drawFrom(this.#random, betweenMs), signal);
      if (signal.aborted) return;
      const victims = this.#drawVictims();
      const healable = this.#drawSome([...this.#faulty.keys()]);
      if (healable.length > 0 && (victims.length === 0 || this.#random() < 0.5)) await this.#heal(healable);
      else await this.#break(victims);
    }
  }

  /** Healthy servers that may all be broken now. */
  #drawVictims(): NodeId[] {
    const victims: NodeId[] = [];
    for (const server of this.#drawSome(this.#servers.filter((server) => !this.#faulty.has(server)))) {
      if (this.#mayBreak([...victims, server])) victims.push(server);
    }
    return victims;
  }

  #mayBreak(victims: readonly NodeId[]): boolean {
    const { replicaSets, mayTakeMajority = false } = this.#options;
    const isSound = (server: NodeId) => !this.#faulty.has(server) && !victims.includes(server);
    return mayTakeMajority || replicaSets.every((set) => set.filter(isSound).length >= quorumSize(set.length));
  }

  /** At least one, in any order; none of none. */
  #drawSome(servers: NodeId[]): NodeId[] {
    const count = 1 + drawIndex(this.#random, servers.length);
    const some: NodeId[] = [];
    while (some.length < count && servers.length > 0) {
      some.push(...servers.splice(drawIndex(this.#random, servers.length), 1));
    }
    return some;
  }

  async #break(servers: readonly NodeId[]): Promise<void> {
    const { kinds } = this.#options;
    const drawn = servers.map((server) => [server, kinds[drawIndex(this.#random, kinds.length)]!] as const);
    await settleAll(
      drawn.map(async ([server, kind]) => {
        this.#faulty.set(server, kind);
        await this.#do(kind, server);
      }),
    );
  }

  /** A server counts as faulty until it is healed. */
  async #heal(servers: readonly NodeId[]): Promise<void> {
    await settleAll(
      servers.map(async (server) => {
        await this.#do(healing[this.#faulty.get(server)!], server);
        this.#faulty.delete(server);
      }),
    );
  }

  async #do(action: keyof Faults, server: NodeId): Promise<void> {
    const began = monotonicTime();
    await this.#options.faults[action](server);
    this.#options.log?.({ action, server, began, ended: monotonicTime() });
  }
}
