import {
  Client,
  credentials,
  status,
  type ChannelOptions,
  type ClientDuplexStream,
  type StatusObject,
} from '@grpc/grpc-js';
import type { ErrorCode } from '@synod/kernel';
import { peerLink } from '../codec/link-frames.js';
import { codeIn } from '../errors/wire-errors.js';
import type { Hello, LinkRequest, LinkResponse } from '../gen/synod/peer/v1/peer.js';
import { pack, packNumber, type Packed } from './framing.js';
import type { LinkLimits } from './link-limits.js';

/** What a dialer tells its owner. */
export interface DialerEvents {
  /** The stream was welcomed by this incarnation of the peer, or has ended. */
  changed(): void;
  /** The peer will not have this node, and says why; by its code too, if programs are to know. */
  refused(reason: string, code: ErrorCode | undefined): void;
}

/** One stream to a peer, from the dial to its end. */
interface Attempt {
  readonly client: Client;
  readonly stream: ClientDuplexStream<LinkRequest, LinkResponse>;
  readonly patience: NodeJS.Timeout;
  readonly since: number;
  /** Of the peer, once it said welcome, and since when. */
  welcome: { readonly incarnation: bigint; readonly at: number } | undefined;
  /** Bytes handed to the stream and not yet to the network. */
  queued: number;
  /** The highest number that the peer was told on this stream. */
  told: number;
}

/**
 * Keeps a stream to one peer for sending on it. Every attempt has a connection of its own: gRPC's channels wait by
 * their own clock before they connect again, and can not be told that the peer is back.
 */
export class Dialer {
  #address: string;
  readonly #hello: () => Hello;
  readonly #limits: LinkLimits;
  readonly #events: DialerEvents;
  #wanted = false;
  #attempt: Attempt | undefined;
  #failures = 0;
  #redial: NodeJS.Timeout | undefined;
  #again = false;
  /** Resolves when the first stream was welcomed, or has ended. */
  readonly tried: Promise<void>;
  #tried!: () => void;

  /** `hello`: asked for each stream, once links are wanted. */
  constructor(address: string, hello: () => Hello, limits: LinkLimits, events: DialerEvents) {
    this.#address = address;
    this.#hello = hello;
    this.#limits = limits;
    this.#events = events;
    this.tried = new Promise((resolve) => (this.#tried = resolve));
  }

  /** The incarnation of the peer that the stream leads to; undefined while there is none. */
  get incarnation(): bigint | undefined {
    return this.#attempt?.welcome?.incarnation;
  }

  /** From now on, keeps a stream. */
  open(): void {
    this.#wanted = true;
    this.#failures = 0;
    this.dialNow();
  }

  /** From now on, keeps none. */
  close(): void {
    this.#wanted = false;
    clearTimeout(this.#redial);
    if (this.#attempt !== undefined) this.#abandon(this.#attempt);
  }

  /** The peer is there: no need to wait. */
  dialNow(): void {
    if (!this.#wanted) return;
    if (this.#attempt === undefined) return this.#dial();
    const { welcome, since } = this.#attempt;
    if (welcome !== undefined) return;
    // An attempt that hangs belongs to the time before; a fresh one may still fail for what was true then.
    if (performance.now() - since > this.#limits.handshakeMs) this.dialAnew();
    else this.#again = true;
  }

  /** The peer is somewhere else from now on. */
  moveTo(address: string): void {
    if (address === this.#address) return;
    this.#address = address;
    this.#failures = 0;
    this.dialAnew();
  }

  /** The stream leads to a process that is no more. */
  dialAnew(): void {
    if (this.#attempt !== undefined) this.#abandon(this.#attempt);
    if (this.#wanted && this.#attempt === undefined) this.#dial();
  }

  /** Sends the messages, in order, with the number, and returns true; or drops them, while too much waits already. */
  send(messages: readonly Uint8Array[], number: number): boolean {
    const attempt = this.#attempt;
    if (attempt?.welcome === undefined) return true;
    if (attempt.queued > this.#limits.queueBytes) return false;
    for (const packed of pack(messages, this.#limits.frameBytes, number)) this.#write(attempt, packed);
    attempt.told = number;
    return true;
  }

  /** Sends the number, unless the peer was told one as high on this stream. */
  announce(number: number): void {
    const attempt = this.#attempt;
    if (attempt?.welcome === undefined || attempt.told >= number) return;
    this.#write(attempt, packNumber(number));
    attempt.told = number;
  }

  #write(attempt: Attempt, { request, bytes }: Packed): void {
    attempt.queued += bytes;
    attempt.stream.write(request, () => (attempt.queued -= bytes));
  }

  #dial(): void {
    clearTimeout(this.#redial);
    this.#again = false;
    const client = new Client(this.#address, credentials.createInsecure(), channelOptions(this.#limits));
    const stream = client.makeBidiStreamRequest(peerLink.path, peerLink.requestSerialize, peerLink.responseDeserialize);
    const hello = this.#hello();
    const attempt: Attempt = {
      client,
      stream,
      patience: setTimeout(() => stream.cancel(), this.#patienceMs()),
      since: performance.now(),
      welcome: undefined,
      queued: 0,
      told: hello.recovered,
    };
    this.#attempt = attempt;
    stream.on('data', (response: LinkResponse) => this.#welcomed(attempt, response));
    stream.on('status', (outcome: StatusObject) => this.#ended(attempt, outcome));
    stream.on('error', () => {}); // the status says it all
    stream.write({ content: { $case: 'hello', value: hello } });
  }

  /** gRPC leaves the socket of a connection that hangs to the operating system: more patience, fewer of them. */
  #patienceMs(): number {
    return this.#limits.handshakeMs * 2 ** Math.min(this.#failures, 4);
  }

  #welcomed(attempt: Attempt, { content }: LinkResponse): void {
    if (attempt !== this.#attempt || attempt.welcome !== undefined || content === undefined) return;
    clearTimeout(attempt.patience);
    attempt.welcome = { incarnation: content.value.incarnation, at: performance.now() };
    this.#tried();
    this.#events.changed();
  }

  #ended(attempt: Attempt, { code, details, metadata }: StatusObject): void {
    if (attempt !== this.#attempt) return;
    const { welcome } = attempt;
    this.#abandon(attempt);
    if (code === status.FAILED_PRECONDITION) this.#events.refused(details, codeIn(metadata));
    this.#tried();
    if (!this.#wanted || this.#attempt !== undefined) return;
    if (this.#again) return this.#dial();
    // A link that breaks as soon as it stands is no success.
    if (welcome !== undefined && performance.now() - welcome.at > this.#limits.redialMaxMs) this.#failures = 0;
    const { redialMinMs, redialMaxMs } = this.#limits;
    const longest = Math.min(redialMaxMs, redialMinMs * 2 ** this.#failures++);
    this.#redial = setTimeout(() => this.#dial(), longest * (0.5 + Math.random() / 2));
  }

  #abandon(attempt: Attempt): void {
    this.#attempt = undefined;
    clearTimeout(attempt.patience);
    attempt.stream.cancel();
    attempt.client.close();
    if (attempt.welcome !== undefined) this.#events.changed();
  }
}

function channelOptions({ keepaliveMs, keepaliveTimeoutMs }: LinkLimits): ChannelOptions {
  return {
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    'grpc.use_local_subchannel_pool': 1, // a connection shared with the last attempt would share its backoff
    'grpc.enable_retries': 0, // a message that was lost is the protocol's to repeat
    'grpc.per_rpc_retry_buffer_size': 0, // or a write counts as done when it is only buffered
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0, // nobody can ask for what it counts
    'grpc.service_config_disable_resolution': 1,
  };
}
