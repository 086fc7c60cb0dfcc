import { invariant } from '@synod/kernel';
import { compareBallots, noBallot, sameBallot, showBallot, type Ballot } from './ballot.js';
import type { Block } from './block.js';
import type { Accept, Prepare } from './messages.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/**
 * The acceptor of *Paxos Made Simple*, section 2.2, for the one height that is open: the committed one plus one. The
 * promise outlives the height it was given for; what is accepted is forgotten when its height commits.
 */
export class Acceptor<T> {
  #promised: Ballot = noBallot;
  #promisedFor = 0;
  #accepted: { readonly ballot: Ballot; readonly block: Block<T> } | undefined;

  recoverPromise(ballot: Ballot, height: number): void {
    this.#promised = ballot;
    this.#promisedFor = height;
  }

  recoverAccepted(ballot: Ballot, block: Block<T>): void {
    this.#accepted = { ballot, block };
  }

  get promised(): Ballot {
    return this.#promised;
  }

  /** The height for which `promised` was promised. */
  get promisedFor(): number {
    return this.#promisedFor;
  }

  get accepted(): { readonly ballot: Ballot; readonly block: Block<T> } | undefined {
    return this.#accepted;
  }

  /** P1a: promises only a ballot greater than any promised before. A Prepare sent again is promised again. */
  prepare({ ballot, height }: Prepare, effects: PaxosEffects<T>): boolean {
    if (sameBallot(ballot, this.#promised) && height === this.#promisedFor) return true;
    if (compareBallots(ballot, this.#promised) <= 0) return false;
    this.#promise(ballot, height, effects);
    return true;
  }

  /** P1b: accepts unless a greater ballot was promised. Raises the promise in the same durable write. */
  accept({ ballot, height, block }: Accept<T>, effects: PaxosEffects<T>): boolean {
    if (compareBallots(ballot, this.#promised) < 0) return false;
    if (this.#accepted !== undefined && sameBallot(ballot, this.#accepted.ballot)) {
      invariant(block.hash === this.#accepted.block.hash, `two blocks under ballot ${showBallot(ballot)}`);
      return true;
    }
    this.#promise(ballot, height, effects);
    this.#accepted = { ballot, block };
    effects.put(paxosKeys.accepted, { kind: 'accepted', ballot, block });
    return true;
  }

  /** The open height is committed: what was accepted for it is history. */
  forget(effects: PaxosEffects<T>): void {
    if (this.#accepted === undefined) return;
    this.#accepted = undefined;
    effects.put(paxosKeys.accepted, undefined);
  }

  #promise(ballot: Ballot, height: number, effects: PaxosEffects<T>): void {
    if (sameBallot(ballot, this.#promised) && height === this.#promisedFor) return;
    this.#promised = ballot;
    this.#promisedFor = height;
    effects.put(paxosKeys.promised, { kind: 'promised', ballot, height });
  }
}
