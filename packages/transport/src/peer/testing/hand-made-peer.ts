import { EventEmitter, once } from 'node:events';
import { Server, ServerCredentials, status, type ServerDuplexStream } from '@grpc/grpc-js';
import { PeerServiceService, type LinkRequest, type LinkResponse } from '../../gen/synod/peer/v1/peer.js';

/** A peer that does what a test tells it. */
export class HandMadePeer {
  readonly #server = new Server();
  readonly #arrivals = new EventEmitter();
  readonly #waiting: HandMadeStream[] = [];
  #address = '';

  static async listen(): Promise<HandMadePeer> {
    const peer = new HandMadePeer();
    await peer.#listen();
    return peer;
  }

  get address(): string {
    return this.#address;
  }

  /** The next stream on which a Hello has come. */
  async next(): Promise<HandMadeStream> {
    while (this.#waiting.length === 0) await once(this.#arrivals, 'hello');
    return this.#waiting.shift()!;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #listen(): Promise<void> {
    this.#server.addService(PeerServiceService, {
      link: (call: ServerDuplexStream<LinkRequest, LinkResponse>) => {
        call.once('data', () => {
          call.pause();
          this.#waiting.push(new HandMadeStream(call));
          this.#arrivals.emit('hello');
        });
      },
    });
    return new Promise((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error) return reject(error);
        this.#address = `127.0.0.1:${port}`;
        resolve();
      });
    });
  }
}

/** One stream that was opened to a hand-made peer. It reads nothing until it is told to. */
export class HandMadeStream {
  readonly #call: ServerDuplexStream<LinkRequest, LinkResponse>;
  readonly cameAt = performance.now();
  /** Requests read after Hello. */
  received = 0;

  constructor(call: ServerDuplexStream<LinkRequest, LinkResponse>) {
    this.#call = call;
  }

  welcome(incarnation: bigint): void {
    this.#call.write({ content: { $case: 'welcome', value: { incarnation } } });
  }

  refuse(): void {
    this.#call.emit('error', { code: status.UNAVAILABLE, details: 'not now' });
  }

  read(): void {
    this.#call.on('data', () => this.received++);
    this.#call.resume();
  }
}
