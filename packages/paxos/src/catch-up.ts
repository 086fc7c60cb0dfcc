import type { NodeId, Time } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import type { Chain } from './chain.js';
import type { PaxosEffects } from './options.js';

/** How long a page of blocks may take to arrive before another server is asked. */
const fetchTimeoutMs = 1000;

/** Fetches the blocks this server is missing, a page at a time, from one server at a time. */
export class CatchUp<T> {
  readonly #chain: Chain<T>;
  #fetching: { readonly from: NodeId; readonly until: Time } | undefined;

  constructor(chain: Chain<T>) {
    this.#chain = chain;
  }

  get running(): boolean {
    return this.#fetching !== undefined;
  }

  /** `from` holds blocks that we do not. */
  fetch(from: NodeId, ballot: Ballot, effects: PaxosEffects<T>, now: Time): void {
    if (this.#fetching && now < this.#fetching.until) return;
    this.#fetching = { from, until: now + fetchTimeoutMs };
    effects.to(from, { type: 'fetch', ballot, height: this.#chain.height + 1 });
  }

  /** A page arrived and was applied; `theirs` is its sender's height. */
  received(from: NodeId, theirs: number, ballot: Ballot, effects: PaxosEffects<T>, now: Time): void {
    if (this.#fetching && this.#fetching.from !== from && now < this.#fetching.until) return;
    this.#fetching = undefined;
    if (theirs > this.#chain.height) this.fetch(from, ballot, effects, now);
  }

  linkDown(peer: NodeId): void {
    if (this.#fetching?.from === peer) this.#fetching = undefined;
  }
}
