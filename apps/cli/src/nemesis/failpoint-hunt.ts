import { quorumSize, type NodeId, type Random } from '@synod/kernel';
import { seededRandom } from '@synod/simulator';
import { pause } from '../record/pause.js';
import { settleAll } from '../record/settle-all.js';
import { shuffled } from './draw-fault.js';
import type { Snares } from './snares.js';

export interface FailpointHuntOptions {
  readonly snares: Snares;
  readonly servers: readonly NodeId[];
  /** Failpoints that servers reach while they work. */
  readonly names: readonly string[];
  /** The same seed: failpoints are tried in the same order. */
  readonly seed: number;
  /** No server is told to die after it. */
  readonly signal: AbortSignal;
}

/** How long a server may take to reach a failpoint before another one is tried, ms. */
const patienceMs = 4000;
/** Between two of them, ms; longer when servers have died at all of them. */
const betweenMs = 200;
const betweenLaterMs = 3000;

/**
 * Kills servers at one failpoint after the other, first where none has died yet, again and again. At any time a majority
 * waits for its failpoints, or comes back from them: some are reached only where others are away.
 */
export class FailpointHunt {
  readonly #options: FailpointHuntOptions;
  readonly #random: Random;
  /** The next one first. */
  readonly #queue: string[];

  constructor(options: FailpointHuntOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed, 'failpoints');
    this.#queue = shuffled(this.#random, options.names);
  }

  /** Resolves after the signal, when all servers that were killed run again. */
  async run(): Promise<void> {
    const { servers, names } = this.#options;
    const atOnce = names.length === 0 ? 0 : quorumSize(servers.length);
    await settleAll(Array.from({ length: atOnce }, () => this.#hunt()));
  }

  async #hunt(): Promise<void> {
    const { snares, servers, signal } = this.#options;
    for (;;) {
      await pause(this.#queue.some((name) => !snares.hits.has(name)) ? betweenMs : betweenLaterMs, signal);
      if (signal.aborted) return;
      const server = shuffled(this.#random, servers).find((candidate) => snares.isFree(candidate));
      const name = server === undefined ? undefined : this.#take();
      if (server === undefined || name === undefined) continue;
      await snares.set(server, name, patienceMs, signal);
      this.#queue.push(name);
    }
  }

  #take(): string | undefined {
    const open = this.#queue.findIndex((name) => !this.#options.snares.hits.has(name));
    return this.#queue.splice(Math.max(open, 0), 1)[0];
  }
}
