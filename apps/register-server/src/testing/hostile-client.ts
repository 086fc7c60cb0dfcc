import type { ClientHttp2Stream } from 'node:http2';
import { grpcMessage, RawStreams } from '@synod/transport/testing';
import { encodeRequest } from './foreign-client.js';

const service = 'synod.register.v1.RegisterService';
const MiB = 1024 * 1024;

/** A client that does its worst over one connection: it lets the server send nothing at all. */
export class HostileClient {
  readonly #streams: RawStreams;

  constructor(address: string) {
    this.#streams = new RawStreams(address, { takes: 0 });
  }

  /** Begins messages of almost 2 MiB, and sends half of each. */
  sendHalves(count: number): void {
    const half = grpcMessage(Buffer.alloc(MiB), 2 * MiB - 1);
    for (let i = 0; i < count; i++) this.#open('Session').write(half);
  }

  /** Announces far more than a server takes, and sends bytes that are no message, and frames of no operation. */
  sendNonsense(): void {
    this.#open('Session').write(grpcMessage(Buffer.alloc(10), 2 ** 31));
    this.#open('Session').write(grpcMessage(Buffer.alloc(1000, 0xff)));
    this.#open('Session').write(Buffer.alloc(1000, 0xff));
    this.#open('Session').write(grpcMessage(encodeRequest(service, 'Session', { items: [{ number: 1 }] })));
    this.#open('Nonsense').end(grpcMessage(Buffer.alloc(1000)));
  }

  /** Asks for all these values, in frames of so many and by calls and watches of their own, and reads nothing. */
  readNothing(keys: readonly string[], frames: number): void {
    const items = keys.map((key, i) => ({ number: i + 1, request: { read: { key } } }));
    const session = this.#open('Session');
    for (let i = 0; i < frames; i++) session.write(grpcMessage(encodeRequest(service, 'Session', { items })));
    for (const key of keys.slice(0, 4)) {
      for (const method of ['Read', 'Watch'])
        this.#open(method).end(grpcMessage(encodeRequest(service, method, { key })));
    }
    this.#open('Cells').end(grpcMessage(Buffer.alloc(0)));
  }

  close(): void {
    this.#streams.close();
  }

  #open(method: string): ClientHttp2Stream {
    return this.#streams.open(`/${service}/${method}`);
  }
}
