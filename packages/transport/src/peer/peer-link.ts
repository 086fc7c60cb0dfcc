import { status } from '@grpc/grpc-js';
import type { NodeId, SynodError } from '@synod/kernel';
import type { Hello } from '../gen/synod/peer/v1/peer.js';
import type { Dialer } from './dialer.js';
import type { InboundStream } from './inbound-stream.js';

/** What a peer hears while its link is closed on purpose. */
export const closedForNow = 'the link is closed for now';

/** The link to one peer: the stream this node opened, for sending, and the one the peer opened, for receiving. */
export class PeerLink {
  readonly peer: NodeId;
  readonly #dialer: Dialer;
  readonly #changed: (up: boolean) => void;
  #inbound: { readonly stream: InboundStream; readonly incarnation: bigint; readonly disk: string } | undefined;
  #kept = false;
  #up = false;

  /** `changed`: the link has come up or gone down. */
  constructor(peer: NodeId, dialer: Dialer, changed: (up: boolean) => void) {
    this.peer = peer;
    this.#dialer = dialer;
    this.#changed = changed;
  }

  /** Both directions stand. */
  get up(): boolean {
    return this.#up;
  }

  /** The peer may dial, and is dialled. */
  get kept(): boolean {
    return this.#kept;
  }

  /** Messages to the peer have somewhere to go. */
  get sends(): boolean {
    return this.#dialer.incarnation !== undefined;
  }

  /** Resolves when the peer has welcomed this node, or could not be reached, for the first time. */
  get tried(): Promise<void> {
    return this.#dialer.tried;
  }

  /** Keeps the link from now on, or closes it until further notice. */
  keep(kept: boolean): void {
    if (kept === this.#kept) return;
    this.#kept = kept;
    if (kept) return this.#dialer.open();
    const inbound = this.#inbound;
    this.#inbound = undefined;
    this.#dialer.close();
    inbound?.stream.end(status.UNAVAILABLE, closedForNow);
    this.judge();
  }

  /** The peer's new stream takes the place of an older one: who dials again has lost it. */
  accept(stream: InboundStream, { incarnation, identity: disk }: Pick<Hello, 'incarnation' | 'identity'>): void {
    const older = this.#inbound;
    this.#inbound = { stream, incarnation, disk };
    older?.stream.end(status.ABORTED, 'a newer stream took its place');
    const outbound = this.#dialer.incarnation;
    if (outbound === incarnation || outbound === undefined) this.#dialer.dialNow();
    else this.#dialer.dialAnew();
    this.judge();
  }

  /** The peer runs on another disk, at another address: whoever is linked on another disk is told so. */
  moveTo(address: string, disk: string, reason: SynodError): void {
    const inbound = this.#inbound;
    if (inbound && inbound.disk !== disk) {
      this.#inbound = undefined;
      inbound.stream.refuse(reason);
    }
    this.#dialer.moveTo(address);
    this.judge();
  }

  /** The peer says that this is where it is. */
  dialAt(address: string): void {
    this.#dialer.moveTo(address);
  }

  lost(stream: InboundStream): void {
    if (this.#inbound?.stream !== stream) return;
    this.#inbound = undefined;
    this.judge();
  }

  /** Returns false if the messages were dropped because too many wait. */
  send(messages: readonly Uint8Array[], number: number): boolean {
    return this.#dialer.send(messages, number);
  }

  announce(number: number): void {
    this.#dialer.announce(number);
  }

  /** Both streams stand, and lead to the same life of the peer. Called when either has changed. */
  judge(): void {
    const up = this.#inbound !== undefined && this.#inbound.incarnation === this.#dialer.incarnation;
    if (up === this.#up) return;
    this.#up = up;
    this.#changed(up);
  }
}
