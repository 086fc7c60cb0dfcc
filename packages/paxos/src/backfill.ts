import type { NodeId, Time } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import { fetchTimeoutMs } from './catch-up.js';
import type { Chain } from './chain.js';
import type { History } from './messages.js';
import type { Limits, PaxosEffects, Timing } from './options.js';

/**
 * Fills in the blocks that a snapshot let this server skip, so that its chain can be read in full again: from the
 * highest downwards, a page at a time, from one server at a time, with pauses. Each page is durable progress.
 */
export class Backfill<T> {
  readonly #chain: Chain<T>;
  readonly #pauseMs: number;
  readonly #pageEntries: number;
  #asked: { readonly from: NodeId; readonly height: number } | undefined;
  /** The next page is due, or the one that was asked for is given up. */
  #at: Time = 0;
  /** Who delivered last, or is asked next. */
  #source: NodeId | undefined;

  constructor(chain: Chain<T>, timing: Pick<Timing, 'backfillMs'>, limits: Pick<Limits, 'pageEntries'>) {
    this.#chain = chain;
    this.#pauseMs = timing.backfillMs;
    this.#pageEntries = limits.pageEntries;
  }

  /** When the next page is due; undefined while none is missing. */
  get wakeAt(): Time | undefined {
    return this.#chain.missing && this.#at;
  }

  /** Asks one of `peers` for the next page, unless this server holds the next block already. */
  wake(peers: ReadonlySet<NodeId>, ballot: Ballot, effects: PaxosEffects<T>, now: Time): void {
    const { missing } = this.#chain;
    if (!missing || now < this.#at) return;
    if (this.#asked) this.#turnFrom(this.#asked.from, peers);
    const own = this.#chain.fill(this.#chain.pageDown(missing.to, this.#pageEntries), effects);
    if (own > 0) return this.#pause(now);
    const from = this.#source !== undefined && peers.has(this.#source) ? this.#source : [...peers][0];
    this.#at = now + fetchTimeoutMs;
    if (from === undefined) return;
    this.#asked = { from, height: missing.to };
    effects.to(from, { type: 'backfill', ballot, height: missing.to });
  }

  /** A page arrived. One that brings nothing is waited out like one that never comes: then another server is asked. */
  received(from: NodeId, { height, blocks }: History<T>, effects: PaxosEffects<T>, now: Time): void {
    if (this.#asked?.from !== from || this.#asked.height !== height) return;
    if (this.#chain.fill(blocks, effects) === 0) return;
    this.#source = from;
    this.#asked = undefined;
    this.#pause(now);
  }

  #pause(now: Time): void {
    this.#at = now + this.#pauseMs;
  }

  #turnFrom(last: NodeId, peers: ReadonlySet<NodeId>): void {
    const all = [...peers];
    this.#source = all[(all.indexOf(last) + 1) % all.length];
    this.#asked = undefined;
  }
}
