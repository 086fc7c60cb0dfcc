import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * A disk that takes less than this on average, milliseconds, is waited for at once: to hand its work to another thread and
 * to hear of its end takes as long as the work itself. Nothing else is done meanwhile, so a slower one is not.
 */
const defaultQuickMs = 2;
/** How much of that average the last write makes. */
const share = 0.1;

/** So long writes may follow one another before everybody else has a turn, milliseconds. */
const longestTurnMs = 10;

const syncElsewhere = promisify(fdatasync);

export interface SyncedFileOptions {
  /** Makes it, with nothing in it. Default false. */
  readonly create?: boolean;
  /** Up to where a disk is quick, milliseconds. 0: none is; infinity: each. Default 2. */
  readonly quickMs?: number;
}

/** A file whose writes are durable when they have ended. One write is in flight at a time. */
export class SyncedFile {
  readonly #descriptor: number;
  readonly #quickMs: number;
  #size: number;
  /** What a write takes, milliseconds. */
  #mean = 0;
  /** When the present turn of the event loop saw its first write; undefined: it saw none. */
  #turnBegan: number | undefined;

  /** Throws what `node:fs` throws. */
  constructor(path: string, { create = false, quickMs = defaultQuickMs }: SyncedFileOptions = {}) {
    this.#descriptor = openSync(path, create ? 'w+' : 'r+');
    this.#quickMs = quickMs;
    this.#size = fstatSync(this.#descriptor).size;
  }

  get size(): number {
    return this.#size;
  }

  /** All of it. */
  read(): Buffer {
    const bytes = Buffer.alloc(this.#size);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(this.#descriptor, bytes, at, bytes.length - at, at);
      if (read === 0) return bytes.subarray(0, at);
      at += read;
    }
    return bytes;
  }

  /** Rejects with what `node:fs` says; the bytes may be there all the same, or a part of them. */
  async write(bytes: Uint8Array, at: number): Promise<void> {
    const start = performance.now();
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
    }
    this.#size = Math.max(this.#size, at + bytes.length);
    const isQuick = this.#mean < this.#quickMs;
    if (isQuick) fdatasyncSync(this.#descriptor);
    else await syncElsewhere(this.#descriptor);
    this.#mean += share * (performance.now() - start - this.#mean);
    if (isQuick && this.#keepsOthersWaiting()) await endOfTurn();
  }

  /** Whoever writes again as soon as a write has ended would keep everybody else from their turn for ever. */
  #keepsOthersWaiting(): boolean {
    if (this.#turnBegan !== undefined) return performance.now() - this.#turnBegan > longestTurnMs;
    this.#turnBegan = performance.now();
    setImmediate(() => (this.#turnBegan = undefined));
    return false;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
