import { constants, type ServerHttp2Stream } from 'node:http2';
import type { CallWatch } from './call-watch.js';
import { UnfinishedMessage } from './unfinished-message.js';

/** One open call, as far as it takes memory below the service. */
export class GuardedCall implements CallWatch {
  readonly stream: ServerHttp2Stream;
  /** Answers that were given to the stream; each only when the one before was taken. */
  #sent = 0;
  readonly #message = new UnfinishedMessage();
  #isCut = false;
  #seen = { sent: 0, unread: 0, began: 0 };
  #since = performance.now();
  /** Messages that began, roughly: whether one that is unfinished is still the same. */
  #began = 0;

  /** `arrived`: something has, and what it is unfinished may differ from what it was before, bytes. */
  constructor(stream: ServerHttp2Stream, arrived: (call: GuardedCall, before: number) => void) {
    this.stream = stream;
    // grpc-js listens and pauses already: a second listener does not make the stream flow.
    stream.on('data', (piece: Uint8Array) => {
      if (this.#isCut) return;
      const before = this.unfinished;
      this.#message.take(piece);
      if (before === 0 || this.unfinished === 0) this.#began++;
      if (before > 0 || this.unfinished > 0) arrived(this, before);
    });
  }

  sends(): void {
    this.#sent++;
  }

  /** What has arrived of a message that is not complete, bytes. */
  get unfinished(): number {
    return this.#message.bytes;
  }

  /** What of its answers waits to be taken, bytes. */
  get unread(): number {
    return this.stream.writableLength;
  }

  /** For how long now the same message has been on its way, in either direction. To be asked regularly. */
  standsStillMs(now: number): number {
    const seen = { sent: this.#sent, unread: this.unread, began: this.#began };
    // What is paused waits for this server, not for its client.
    const waits = seen.unread > 0 || (this.unfinished > 0 && !this.stream.isPaused());
    const moved = seen.sent !== this.#seen.sent || seen.unread < this.#seen.unread || seen.began !== this.#seen.began;
    if (!waits || moved) this.#since = now;
    this.#seen = seen;
    return now - this.#since;
  }

  /** Resets the stream: what was under way on it is freed at once. */
  cut(): void {
    this.#isCut = true;
    this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
