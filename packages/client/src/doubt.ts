import type { SynodError } from '@synod/kernel';
import { isLaterTag, type Tag } from '@synod/register';
import type { OperationOutcome } from '@synod/transport/client';
import { ask, strange } from './ask.js';
import type { ClientCore } from './client-core.js';
import { registerTraffic } from './register-traffic.js';
import type { Timed } from './timer-wheel.js';

/**
 * Whether a replica that is watched still tells what there is: one that is silent looks like one that has nothing new.
 * From time to time the register is read; what a read found must have been told by the next time.
 */
export class Doubt implements Timed {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #core: ClientCore;
  readonly #key: string;
  readonly #everyMs: number;
  readonly #given: AbortSignal | undefined;
  readonly #over = new AbortController();
  readonly #abort = (): void => this.giveUp();
  #told: { readonly tag: Tag | undefined } | undefined;
  #found: Tag | undefined;

  /** `given` ends it too. */
  constructor(core: ClientCore, key: string, everyMs: number, given: AbortSignal | undefined) {
    this.#core = core;
    this.#key = key;
    this.#everyMs = everyMs;
    this.#given = given;
    given?.addEventListener('abort', this.#abort);
    core.wheel.set(this, performance.now() + everyMs);
    if (given?.aborted || core.closed.aborted) this.giveUp();
  }

  /** Aborted when the replica is found silent, and when nobody watches any more. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** The replica has told this value. */
  told(value: { readonly tag: Tag | undefined }): void {
    this.#told = value;
  }

  onDue(): void {
    if (!this.#told || isLaterTag(this.#found, this.#told.tag)) return this.giveUp();
    const command = { type: 'read', key: this.#key } as const;
    ask(this.#core, registerTraffic, command, { signal: this.signal }, tagOf).then(
      (tag) => (this.#found = tag),
      // Where reads fail there is nothing that the replica keeps to itself.
      () => undefined,
    );
    this.#core.wheel.set(this, performance.now() + this.#everyMs);
  }

  /** Ends it. */
  giveUp(): void {
    this.#core.wheel.clear(this);
    this.#given?.removeEventListener('abort', this.#abort);
    this.#over.abort();
  }
}

function tagOf(outcome: OperationOutcome): Tag | undefined | SynodError {
  return outcome.type === 'value' ? outcome.tag : strange(outcome);
}
