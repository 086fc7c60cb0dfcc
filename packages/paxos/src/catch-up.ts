import type { NodeId, Time } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import type { Chain } from './chain.js';
import type { Blocks } from './messages.js';
import type { PaxosEffects } from './options.js';

/** How long a page of blocks may take to arrive before another server is asked. */
export const fetchTimeoutMs = 1000;

/** Fetches the blocks this server is missing, a page at a time, from one server at a time. */
export class CatchUp<T> {
  readonly #chain: Chain<T>;
  readonly #needsAll: () => boolean;
  #fetching: { readonly from: NodeId; readonly height: number; readonly until: Time } | undefined;
  /** The highest height that somebody said to have committed. */
  #known = 0;

  /** `needsAll`: asked at each request, whether a snapshot would not do. */
  constructor(chain: Chain<T>, needsAll: () => boolean) {
    this.#chain = chain;
    this.#needsAll = needsAll;
  }

  /** Blocks are committed that this server does not hold. */
  get running(): boolean {
    return this.#chain.height < this.#known;
  }

  /** `from` holds the blocks up to height `theirs`; we do not. */
  fetch(from: NodeId, theirs: number, ballot: Ballot, effects: PaxosEffects<T>, now: Time): void {
    this.#known = Math.max(this.#known, theirs);
    if (this.#fetching && now < this.#fetching.until) return;
    const height = this.#chain.height + 1;
    this.#fetching = { from, height, until: now + fetchTimeoutMs };
    effects.to(from, { type: 'fetch', ballot, height, entries: this.#chain.entries, whole: this.#needsAll() });
  }

  /** A page arrived and was applied. Only the page that was asked for asks for the next one. */
  received(from: NodeId, page: Blocks<T>, ballot: Ballot, effects: PaxosEffects<T>, now: Time): void {
    if (this.#fetching?.from !== from || page.blocks[0]?.height !== this.#fetching.height) return;
    this.#fetching = undefined;
    if (page.height > this.#chain.height) this.fetch(from, page.height, ballot, effects, now);
  }

  /** A snapshot arrived and was adopted: what is above it is fetched when somebody tells. */
  skipped(from: NodeId): void {
    if (this.#fetching?.from === from) this.#fetching = undefined;
  }

  linkDown(peer: NodeId): void {
    if (this.#fetching?.from === peer) this.#fetching = undefined;
  }
}
