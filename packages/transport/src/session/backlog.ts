import { SynodError } from '@synod/kernel';

/** What a stream may hold though the backlog is full: who asks for little is served while others are made to wait. */
const light = 64 * 1024;

export interface BacklogLimits {
  /**
   * Of operations under way: what they ask, and about what they will answer. Large ones then run a few at a time, or
   * their values would keep everybody else's messages waiting between the servers.
   */
  readonly underWayBytes: number;
  /** Of answers that are not read yet. */
  readonly unreadBytes: number;
  /** Of operations that have arrived and wait for their beginning. */
  readonly waitingBytes: number;
}

const MiB = 1024 * 1024;
const defaultLimits: BacklogLimits = { underWayBytes: 2 * MiB, unreadBytes: 32 * MiB, waitingBytes: 32 * MiB };

/** Takes up what it left waiting. */
export interface Waiting {
  proceed(): void;
}

/**
 * What the operations of all of a server's clients take of its memory, bytes, about. While it is full sessions begin
 * nothing more and are not read, and calls of their own wait or are refused; but who holds little is let in up to twice
 * the limits.
 */
export class Backlog {
  readonly limits: BacklogLimits;
  #underWay = 0;
  #unread = 0;
  #deferred = 0;
  readonly #waiting = new Set<Waiting>();
  #waking = false;

  constructor(limits: Partial<BacklogLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
  }

  get underWay(): number {
    return this.#underWay;
  }

  get unread(): number {
    return this.#unread;
  }

  /** Nothing that is large is let in before answers are read. */
  get isUnread(): boolean {
    return this.#unread >= this.limits.unreadBytes;
  }

  /** Whether a stream that would then hold so much may begin an operation. */
  admits(bytes: number): boolean {
    const { underWayBytes } = this.limits;
    return this.#underWay < timesFor(bytes) * underWayBytes && this.takes(bytes);
  }

  /** Whether a stream that would then hold so much may be told what is there already, whatever is under way. */
  takes(bytes: number): boolean {
    return this.#unread < timesFor(bytes) * this.limits.unreadBytes;
  }

  begin(bytes: number): void {
    this.#underWay += bytes;
  }

  /** An operation of so many bytes has ended with so many to be read. */
  answered(bytes: number, unread: number): void {
    this.#underWay -= bytes;
    this.#unread += unread;
    this.#wakeSoon();
  }

  /** Answers were read, or never will be. */
  read(bytes: number): void {
    this.#unread -= bytes;
    this.#wakeSoon();
  }

  /**
   * Takes bytes for an answer whose size is known before it is made. Returns how to give them back, once. Throws
   * `SynodError` `resource_exhausted` if there is no room.
   */
  lend(bytes: number): () => void {
    if (!this.admits(bytes)) throw tooMuchUnread();
    this.answered(0, bytes);
    return () => this.read(bytes);
  }

  /** Whether there is room for so many more bytes that wait for their beginning. */
  hasRoomFor(bytes: number): boolean {
    return this.#deferred + bytes <= this.limits.waitingBytes;
  }

  /** Takes bytes of operations that wait; negative: gives them back. */
  defer(bytes: number): void {
    this.#deferred += bytes;
  }

  /** `proceed` is called when there may be room again, once. */
  wait(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  leave(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #wakeSoon(): void {
    if (this.#waiting.size === 0 || this.#waking) return;
    this.#waking = true;
    setImmediate(() => this.#wake());
  }

  /** In turn: who can not do all it has waits again, behind the others. */
  #wake(): void {
    this.#waking = false;
    for (const waiting of [...this.#waiting]) {
      this.#waiting.delete(waiting);
      waiting.proceed();
    }
  }
}

function timesFor(bytes: number): number {
  return bytes <= light ? 2 : 1;
}

/** What callers are told for whom there is no room. */
export function tooMuchUnread(): SynodError {
  return new SynodError('resource_exhausted', 'the answers to other operations must be read first; nothing was done');
}
