import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import {
  compareNatural,
  invariant,
  SynodError,
  type ErrorCode,
  type NodeId,
  type Outgoing,
  type Transport,
  type TransportEvents,
} from '@synod/kernel';
import type { LinkFaults } from '../admin/admin-backend.js';
import { peerLink } from '../codec/link-frames.js';
import type { MessageCodec } from '../codec/message-codec.js';
import type { Hello, LinkRequest, LinkResponse } from '../gen/synod/peer/v1/peer.js';
import type { GrpcService } from '../host/grpc-service.js';
import { Dialer } from './dialer.js';
import { helloTo, nameless, standingIn, whyNot, type DiskIdentity, type LinkIdentity } from './handshake.js';
import { InboundStream, type Receiver } from './inbound-stream.js';
import type { LinkEvent } from './link-event.js';
import { defaultLinkLimits, type LinkLimits } from './link-limits.js';
import { closedForNow, PeerLink } from './peer-link.js';

export interface PeerLinksOptions<M> extends LinkIdentity {
  /** Where the other nodes listen, `host:port`. This node itself may stand among them. */
  readonly peers: ReadonlyMap<NodeId, string>;
  readonly codec: MessageCodec<M>;
  readonly limits?: Partial<LinkLimits>;
  /**
   * Asked for every message that is to be sent: what is sent of it. The rest vanishes without a word; undefined: all of
   * it. Default: all is sent.
   */
  readonly audible?: (message: M) => M | undefined;
  /** Told what happens to the links. */
  readonly report?: (event: LinkEvent) => void;
  /** Told, perhaps more than once, when another disk has taken this node's place for good. */
  readonly replaced?: (reason: string) => void;
}

const nothing = new Uint8Array(0);

/** Who a node is since it was replaced. */
export interface LinkMember {
  /** `host:port` */
  readonly address: string;
  /** The identity of its disk. */
  readonly disk: string;
  /** Rises with every replacement of the node, as `DiskIdentity.since`: of two members the later one counts. */
  readonly since: number;
}

/**
 * Carries messages between the nodes of a cluster: one long-lived gRPC stream per direction and pair, one frame per
 * peer and turn. Order is kept per pair while a link stands; when it breaks, what was under way is lost.
 *
 * Its `service` belongs on the node's gRPC server. That server must receive messages of `frameBytes` and a bit
 * (1 MiB is plenty), allow one stream per connection, and set no `max_connection_age`: it would cut the links.
 */
export class PeerLinks<M> implements Transport<M> {
  /** What the node's server must serve, so that its peers can dial it. */
  readonly service: GrpcService;
  readonly #own: LinkIdentity;
  readonly #codec: MessageCodec<M>;
  readonly #limits: LinkLimits;
  readonly #audible: (message: M) => M | undefined;
  readonly #report: (event: LinkEvent) => void;
  readonly #replaced: (reason: string) => void;
  readonly #members = new Map<NodeId, LinkMember>();
  #disk: DiskIdentity = nameless;
  readonly #links: ReadonlyMap<NodeId, PeerLink>;
  readonly #refusals = new Map<NodeId, string>();
  readonly #dropping = new Set<NodeId>();
  #events: TransportEvents<M> | undefined;
  #closed = false;
  #allowed: ReadonlySet<NodeId>;
  #dropTo: ReadonlySet<NodeId> = new Set();
  #dropFrom: ReadonlySet<NodeId> = new Set();
  #dropped = 0;

  constructor(options: PeerLinksOptions<M>) {
    const { peers, codec, limits, audible, report, replaced, ...own } = options;
    this.#own = own;
    this.#codec = codec;
    this.#limits = { ...defaultLinkLimits, ...limits };
    this.#audible = audible ?? ((message) => message);
    this.#report = report ?? (() => {});
    this.#replaced = replaced ?? (() => {});
    const others = [...peers].filter(([peer]) => peer !== own.self);
    this.#links = new Map(others.map(([peer, address]) => [peer, this.#link(peer, address)]));
    this.#allowed = new Set(this.#links.keys());
    this.service = {
      name: 'synod.peer.v1.PeerService',
      definition: { link: peerLink },
      essential: true,
      implementation: { link: (call: ServerDuplexStream<LinkRequest, LinkResponse>) => this.#accept(call) },
      countsItself: ['Link'],
      close: () => this.close(),
    };
  }

  start(events: TransportEvents<M>): void {
    invariant(this.#events === undefined, 'a transport starts once');
    this.#events = events;
    this.#keepLinks();
  }

  send(messages: readonly Outgoing<M>[], number: number): void {
    const turns = new Map<PeerLink, Uint8Array[]>();
    let encoded: M | undefined;
    let bytes: Uint8Array = nothing;
    for (const { to, message: whole } of messages) {
      const link = this.#links.get(to);
      if (!link?.sends || this.#dropTo.has(to)) continue;
      const message = this.#audible(whole);
      if (message === undefined) continue;
      // A message to several peers stands there once for each, one after the other.
      if (message !== encoded) bytes = this.#codec.encode(message);
      encoded = message;
      if (bytes.length > this.#limits.messageBytes) {
        this.#drop(to, 1, `a message of ${bytes.length} bytes is too long to send`);
        continue;
      }
      const turn = turns.get(link);
      if (turn === undefined) turns.set(link, [bytes]);
      else turn.push(bytes);
    }
    for (const [link, turn] of turns) {
      if (link.send(turn, number)) this.#dropping.delete(link.peer);
      else this.#drop(link.peer, turn.length, `more than ${this.#limits.queueBytes} bytes wait to be sent`);
    }
  }

  announce(number: number): void {
    for (const [peer, link] of this.#links) if (!this.#dropTo.has(peer)) link.announce(number);
  }

  /**
   * Keeps links to exactly these peers; this node itself may stand among them. The others' streams are closed, and
   * refused until they are allowed again. Throws `SynodError` `unknown_server`, having changed nothing.
   */
  setLinks(allowed: readonly NodeId[] | 'all'): void {
    const names = allowed === 'all' ? [...this.#links.keys()] : allowed;
    this.#checkNames(names);
    this.#allowed = new Set(names);
    this.#keepLinks();
  }

  /** What this node says of its disk from now on. */
  setDisk(disk: DiskIdentity): void {
    this.#disk = disk;
  }

  /** A peer was replaced: it is dialled at its new address, and its name is closed to every disk before. */
  setMember(peer: NodeId, member: LinkMember): void {
    this.#members.set(peer, member);
    this.#links.get(peer)?.moveTo(member.address, member.disk, supersededBy(peer, member));
  }

  /** The peers that links are kept to, in natural order. */
  get allowed(): NodeId[] {
    return [...this.#links.keys()].filter((peer) => this.#allowed.has(peer)).sort(compareNatural);
  }

  /**
   * Lets messages vanish silently, one way or both, while the links stand. Replaces the faults set before.
   * Throws `SynodError` `unknown_server`, having changed nothing.
   */
  setFaults({ dropTo, dropFrom }: LinkFaults): void {
    this.#checkNames([...dropTo, ...dropFrom]);
    this.#dropTo = new Set(dropTo);
    this.#dropFrom = new Set(dropFrom);
  }

  /** The peers whose links are up, in natural order. */
  get connected(): NodeId[] {
    return [...this.#links.values()]
      .filter((link) => link.up)
      .map(({ peer }) => peer)
      .sort(compareNatural);
  }

  /** Resolves when every peer that links are kept to was reached once, has refused this node, or could not be reached. */
  async tried(): Promise<void> {
    await Promise.all([...this.#links.values()].filter(({ kept }) => kept).map(({ tried }) => tried));
  }

  /** Messages that were not sent because too many waited, or because they were too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Ends all links for good. What waits to be sent is lost. */
  close(): void {
    this.#closed = true;
    this.#keepLinks();
  }

  #link(peer: NodeId, address: string): PeerLink {
    const hello = (): Hello => {
      const address = this.#members.get(this.#own.self)?.address;
      return helloTo(peer, this.#own, this.#started().standing, this.#disk, address);
    };
    const dialer = new Dialer(address, hello, this.#limits, {
      changed: () => link.judge(),
      refused: (reason, code) => this.#refused(peer, reason, code),
    });
    const link = new PeerLink(peer, dialer, (up) => this.#changed(peer, up));
    return link;
  }

  #started(): TransportEvents<M> {
    invariant(this.#events, 'links are kept once the transport has started');
    return this.#events;
  }

  #keepLinks(): void {
    const running = this.#events !== undefined && !this.#closed;
    for (const [peer, link] of this.#links) link.keep(running && this.#allowed.has(peer));
  }

  #accept(call: ServerDuplexStream<LinkRequest, LinkResponse>): void {
    new InboundStream(call, this.#limits, (stream, hello) => this.#greet(stream, hello));
  }

  #greet(stream: InboundStream, hello: Hello): Receiver | undefined {
    const { self } = this.#own;
    const refuse = (code: status, reason: string) => void stream.end(code, reason);
    const problem = whyNot(hello, this.#own);
    if (problem !== undefined) return refuse(status.FAILED_PRECONDITION, problem);
    const link = this.#links.get(hello.from);
    if (link === undefined) return refuse(status.FAILED_PRECONDITION, `${self} knows no node '${hello.from}'`);
    if (!link.kept) return refuse(status.UNAVAILABLE, closedForNow);
    const member = this.#members.get(hello.from);
    if (member?.disk !== hello.identity) {
      const waiting = `${hello.from} on disk ${hello.identity} is not accepted yet`;
      if (hello.waits) return refuse(status.UNAVAILABLE, waiting);
      if (member && member.since > hello.since) return void stream.refuse(supersededBy(hello.from, member));
    }
    const events = this.#started();
    const lacks = events.greet(link.peer, standingIn(hello));
    if (lacks !== undefined) return void stream.refuse(new SynodError('disk_cut', lacks));
    stream.welcome(events.standing.incarnation);
    // Only over a link does a node that is new here hear where its peers are: it must be able to answer one that moved.
    if (hello.since > (member?.since ?? 0)) link.dialAt(hello.address);
    link.accept(stream, hello);
    return {
      heard: (number) => {
        if (!this.#dropFrom.has(link.peer)) events.heard(link.peer, number);
      },
      message: (bytes) => this.#deliver(link.peer, bytes),
      ended: (error) => {
        if (error) this.#report({ level: 'error', kind: 'link-failed', peer: link.peer, message: error.message });
        link.lost(stream);
      },
    };
  }

  #deliver(from: NodeId, bytes: Uint8Array): void {
    if (this.#dropFrom.has(from)) return;
    this.#events?.deliver(from, this.#decode(from, bytes));
  }

  #decode(from: NodeId, bytes: Uint8Array): M {
    try {
      return this.#codec.decode(bytes);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new SynodError('invalid_argument', `a message from ${from} can not be read: ${problem}`, { cause });
    }
  }

  #changed(peer: NodeId, up: boolean): void {
    if (up) this.#refusals.delete(peer);
    this.#report({
      level: 'info',
      kind: up ? 'link-up' : 'link-down',
      peer,
      message: `the link to ${peer} is ${up ? 'up' : 'down'}`,
    });
    this.#events?.link(peer, up);
  }

  #refused(peer: NodeId, reason: string, code: ErrorCode | undefined): void {
    if (this.#refusals.get(peer) !== reason) {
      this.#refusals.set(peer, reason);
      this.#report({ level: 'error', kind: 'link-refused', peer, message: `${peer} refuses this node: ${reason}` });
    }
    if (code === 'disk_cut') this.#events?.refused(reason);
    if (code === 'replaced') this.#replaced(reason);
  }

  #drop(peer: NodeId, messages: number, reason: string): void {
    this.#dropped += messages;
    if (this.#dropping.has(peer)) return;
    this.#dropping.add(peer);
    this.#report({
      level: 'warn',
      kind: 'message-dropped',
      peer,
      message: `messages to ${peer} are dropped: ${reason}`,
    });
  }

  #checkNames(names: readonly NodeId[]): void {
    for (const name of names) {
      if (name !== this.#own.self && !this.#links.has(name)) {
        throw new SynodError('unknown_server', `there is no server '${name}'`);
      }
    }
  }
}

function supersededBy(peer: NodeId, { disk, address }: LinkMember): SynodError {
  const message = `${peer} was replaced by disk ${disk} at ${address}: its former disk takes part no more`;
  return new SynodError('replaced', message);
}
