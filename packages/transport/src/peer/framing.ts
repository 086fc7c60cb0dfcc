import { SynodError } from '@synod/kernel';
import { asBuffer } from '../codec/as-buffer.js';
import type { Fragment, LinkRequest } from '../gen/synod/peer/v1/peer.js';

/** Bytes that protobuf puts around one message in a frame, at most. */
const framing = 6;

/** Bytes of a frame without messages, at most. */
const emptyFrame = 10;

/** A request for the stream. */
export interface Packed {
  readonly request: LinkRequest;
  /** About what it takes on the wire. */
  readonly bytes: number;
}

/**
 * Packs the messages of one turn, in order: as many as fit into each frame, and a message that alone is too long
 * in fragments. `number`: what the sender's disk holds. gRPC bounds the length of what a server receives, not what a protocol wants to say.
 */
export function pack(messages: readonly Uint8Array[], frameBytes: number, number: number): Packed[] {
  const packed: Packed[] = [];
  let frame: Buffer[] = [];
  let bytes = 0;
  const endFrame = (): void => {
    if (frame.length > 0) packed.push({ request: frameOf(frame, number), bytes });
    frame = [];
    bytes = 0;
  };
  for (const message of messages.map(asBuffer)) {
    if (bytes + message.length + framing > frameBytes) endFrame();
    if (message.length + framing > frameBytes) {
      packed.push(...fragments(message, frameBytes, number));
    } else {
      frame.push(message);
      bytes += message.length + framing;
    }
  }
  endFrame();
  return packed;
}

/** A number by itself. */
export function packNumber(number: number): Packed {
  return { request: frameOf([], number), bytes: emptyFrame };
}

function frameOf(messages: Buffer[], number: number): LinkRequest {
  return { content: { $case: 'frame', value: { messages, number } } };
}

function fragments(message: Buffer, frameBytes: number, number: number): Packed[] {
  const pieces: Packed[] = [];
  for (let start = 0; start < message.length; start += frameBytes) {
    const end = start + frameBytes;
    const data = message.subarray(start, end);
    const last = end >= message.length;
    const value = { data, last, number: last ? number : 0 };
    pieces.push({ request: { content: { $case: 'fragment', value } }, bytes: data.length });
  }
  return pieces;
}

/** Puts fragments together again. The order of the stream makes numbers unnecessary. */
export class Reassembly {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #length = 0;

  /** `limit`: longest message, bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Some pieces of a message have come, but not its last. */
  get unfinished(): boolean {
    return this.#pieces.length > 0;
  }

  /** Returns the message with its last piece. Throws `SynodError` `resource_exhausted` above the limit. */
  take({ data, last }: Fragment): Uint8Array | undefined {
    if (data.length === 0) throw new SynodError('invalid_argument', 'a fragment is empty');
    this.#length += data.length;
    if (this.#length > this.#limit) {
      throw new SynodError('resource_exhausted', `a message is longer than ${this.#limit} bytes`);
    }
    this.#pieces.push(data);
    if (!last) return undefined;
    const message = Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    return message;
  }
}
