import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { toJson } from '@synod/client';
import { invariant } from '@synod/kernel';
import type { Operation, Outcome, Tag } from '@synod/linearizability';
import { monotonicTime } from './monotonic-time.js';

/**
 * Writes what clients of registers do, as it happens, as a history (docs/formats.md): an operation begins in it before
 * it is asked for, and ends in it after its answer.
 */
export class Recorder {
  readonly #output: Writable;
  readonly #now: () => bigint;
  #processes = 0;
  #failure: Error | undefined;
  #draining: Promise<void> | undefined;

  /** `now`: nanoseconds, never going back. */
  constructor(output: Writable, now = monotonicTime) {
    this.#output = output;
    this.#now = now;
    output.on('error', (error) => (this.#failure = error));
  }

  /** One more client. */
  client(): RecordedClient {
    return new RecordedClient(
      () => this.#processes++,
      (event) => this.#write(event),
    );
  }

  /**
   * Resolves when the stream takes more. Whoever waits for it before each operation keeps the memory small, whatever
   * the disk does. Rejects with the stream's error: what goes on then is not recorded.
   */
  async drained(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!this.#output.writableNeedDrain) return;
    this.#draining ??= once(this.#output, 'drain').then(() => void (this.#draining = undefined));
    await this.#draining;
  }

  /** Ends the stream; resolves when it has taken everything, rejects with its error. */
  async end(): Promise<void> {
    this.#output.end();
    await finished(this.#output);
  }

  #write({ process, type, f, key, value, tag }: RecordedEvent): void {
    this.#output.write(`${toJson({ process, type, f, key, value, time: this.#now(), tag })}\n`);
  }
}

type RecordedValue = string | null;

interface RecordedEvent {
  readonly process: number;
  readonly type: 'invoke' | Outcome;
  readonly f: Operation['f'];
  readonly key: string;
  readonly value: RecordedValue;
  readonly tag?: Tag | undefined;
}

/** One client in a history: it has one operation at a time, and a new process number after each unknown outcome. */
export class RecordedClient {
  readonly #newProcess: () => number;
  readonly #write: (event: RecordedEvent) => void;
  #process: number;
  #open: Pick<RecordedEvent, 'f' | 'key' | 'value'> | undefined;

  constructor(newProcess: () => number, write: (event: RecordedEvent) => void) {
    this.#newProcess = newProcess;
    this.#write = write;
    this.#process = newProcess();
  }

  /** An operation begins. `value`: what is to be written, null for a read. */
  invoke(f: Operation['f'], key: string, value: RecordedValue): void {
    invariant(!this.#open, 'a client has one operation at a time');
    this.#open = { f, key, value };
    this.#write({ process: this.#process, type: 'invoke', ...this.#open });
  }

  /** It happened. `value`: what was written, or read. */
  ok(value: RecordedValue, tag?: Tag): void {
    this.#end({ type: 'ok', value, tag });
  }

  /** It did not happen. */
  fail(): void {
    this.#end({ type: 'fail' });
  }

  /** Nobody knows: it may have happened, or may still happen. */
  info(): void {
    this.#end({ type: 'info' });
    this.#process = this.#newProcess();
  }

  #end(ending: Pick<RecordedEvent, 'type' | 'tag'> & { readonly value?: RecordedValue }): void {
    invariant(this.#open, 'an operation ends that did not begin');
    this.#write({ process: this.#process, ...this.#open, ...ending });
    this.#open = undefined;
  }
}
