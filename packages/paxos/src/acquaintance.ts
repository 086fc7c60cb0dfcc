import { quorumSize, SynodError, type NodeId, type Random } from '@synod/kernel';
import { noBallot } from './ballot.js';
import type { Acquainted, Introduce } from './messages.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/**
 * Notices a lost disk. Every disk gets a random identity when it is first used, and takes no part before a majority of
 * the *other* servers knows it durably. A server that comes back with an empty disk, and so with a new identity, meets
 * one that knew it under another one, for any two majorities of the others share a member, and stops: it has forgotten
 * promises it made and sequence numbers it used. (A quorum that counts the server itself would not do: of five, S1 may
 * be known to S2 and S3, and come back as a stranger to S4 and S5.)
 */
export class Acquaintance<T> {
  readonly #self: NodeId;
  readonly #others: readonly NodeId[];
  readonly #known = new Map<NodeId, string>();
  readonly #acquainted = new Set<NodeId>();
  readonly #needed: number;
  #identity: string;
  #durable = false;
  #established = false;

  constructor(self: NodeId, members: readonly NodeId[], random: Random) {
    this.#self = self;
    this.#others = members.filter((member) => member !== self);
    this.#needed = this.#others.length === 0 ? 0 : quorumSize(this.#others.length);
    this.#identity = newIdentity(random);
  }

  recoverIdentity(identity: string, established: boolean): void {
    this.#identity = identity;
    this.#durable = true;
    this.#established = established;
  }

  recoverPeer(peer: NodeId, identity: string): void {
    this.#known.set(peer, identity);
  }

  /** May vote and execute. */
  get ready(): boolean {
    return this.#established;
  }

  /** The first effect of a server's first step on an empty disk. */
  begin(effects: PaxosEffects<T>): void {
    if (this.#durable) return;
    this.#durable = true;
    this.#established = this.#needed === 0;
    this.#save(effects);
  }

  /** Makes itself known to those of `peers` that have not confirmed it in this life. */
  introduce(peers: Iterable<NodeId>, effects: PaxosEffects<T>): void {
    const strangers = [...peers].filter((peer) => this.#others.includes(peer) && !this.#acquainted.has(peer));
    effects.toAll(strangers, {
      type: 'introduce',
      ballot: noBallot,
      height: 0,
      identity: this.#identity,
    });
  }

  introduced(from: NodeId, message: Introduce, effects: PaxosEffects<T>): void {
    let identity = this.#known.get(from);
    if (identity === undefined) {
      identity = message.identity;
      this.#known.set(from, identity);
      effects.put(paxosKeys.peer(from), { kind: 'peer', identity });
    }
    effects.to(from, { type: 'acquainted', ballot: message.ballot, height: message.height, identity });
  }

  acquainted(from: NodeId, message: Acquainted, effects: PaxosEffects<T>): void {
    if (message.identity !== this.#identity) {
      throw new SynodError(
        'disk_lost',
        `${this.#self} starts with a disk that ${from} does not know (${from} remembers another one): ` +
          `its promises and sequence numbers are lost, so it must not take part. Restore its data directory, or replace the server.`,
      );
    }
    this.#acquainted.add(from);
    if (this.#established || this.#acquainted.size < this.#needed) return;
    this.#established = true;
    this.#save(effects);
  }

  #save(effects: PaxosEffects<T>): void {
    effects.put(paxosKeys.identity, { kind: 'identity', identity: this.#identity, established: this.#established });
  }
}

/** 64 random bits as 16 hexadecimal digits. */
function newIdentity(random: Random): string {
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}
