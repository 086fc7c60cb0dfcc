import { Metadata, status, type ServerDuplexStream } from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import { toStatus, type StatusWithMetadata } from '../errors/wire-errors.js';
import type { Hello, LinkRequest, LinkResponse } from '../gen/synod/peer/v1/peer.js';
import { Reassembly } from './framing.js';
import type { LinkLimits } from './link-limits.js';

/** Who takes what a peer sends. */
export interface Receiver {
  /** How many writes the peer's disk holds; comes before the messages that it goes with. */
  heard(number: number): void;
  /** One message, in order. A `SynodError` thrown here ends the stream. */
  message(bytes: Uint8Array): void;
  /** Called once, at the end. `error`: the peer sent what can not be read. */
  ended(error: SynodError | undefined): void;
}

/** Judges a Hello: welcomes the stream and says who receives, or ends it. */
export type Greet = (stream: InboundStream, hello: Hello) => Receiver | undefined;

/** A stream that a peer opened: it greets, then sends. */
export class InboundStream {
  readonly #call: ServerDuplexStream<LinkRequest, LinkResponse>;
  readonly #greet: Greet;
  readonly #reassembly: Reassembly;
  readonly #patience: NodeJS.Timeout;
  #receiver: Receiver | undefined;
  #ended = false;

  constructor(call: ServerDuplexStream<LinkRequest, LinkResponse>, limits: LinkLimits, greet: Greet) {
    this.#call = call;
    this.#greet = greet;
    this.#reassembly = new Reassembly(limits.messageBytes);
    this.#patience = setTimeout(() => this.end(status.DEADLINE_EXCEEDED, 'no Hello came'), limits.handshakeMs);
    call.on('data', (request: LinkRequest) => this.#read(request));
    call.on('end', () => this.end(status.OK, ''));
    call.on('cancelled', () => this.end(status.CANCELLED, ''));
  }

  welcome(incarnation: bigint): void {
    this.#call.write({ content: { $case: 'welcome', value: { incarnation } } });
  }

  /** Ends the stream; the peer is told why. Nothing is delivered any more. */
  end(code: status, details: string, error?: SynodError): void {
    this.#end({ code, details, metadata: new Metadata() }, error);
  }

  /** Ends the stream; the peer is told why, and programs by the code of the error. */
  refuse(reason: SynodError): void {
    this.#end(toStatus(reason));
  }

  #end({ code, details, metadata }: StatusWithMetadata, error?: SynodError): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#patience);
    if (code === status.OK) this.#call.end();
    else this.#call.emit('error', { code, details: asHeader(details), metadata });
    this.#receiver?.ended(error);
  }

  #read(request: LinkRequest): void {
    if (this.#ended) return;
    try {
      this.#take(request);
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      this.end(status.INVALID_ARGUMENT, error.message, error);
    }
  }

  #take({ content }: LinkRequest): void {
    const receiver = this.#receiver;
    if (receiver === undefined) {
      if (content?.$case !== 'hello') throw new SynodError('invalid_argument', 'a link begins with Hello');
      clearTimeout(this.#patience);
      this.#receiver = this.#greet(this, content.value);
      return;
    }
    if (content?.$case === 'fragment') {
      const message = this.#reassembly.take(content.value);
      if (message === undefined) return;
      receiver.heard(content.value.number);
      receiver.message(message);
      return;
    }
    if (content?.$case !== 'frame' || this.#reassembly.unfinished) {
      throw new SynodError('invalid_argument', `${content?.$case ?? 'nothing'} stands where it can not`);
    }
    receiver.heard(content.value.number);
    for (const message of content.value.messages) {
      if (!this.#ended) receiver.message(message);
    }
  }
}

/** gRPC throws on half a surrogate pair, and headers have a limit; a codec's words may hold anything. */
function asHeader(details: string): string {
  return Buffer.from(details.slice(0, 200)).toString();
}
