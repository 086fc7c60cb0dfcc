import { SynodError } from '@synod/kernel';
import type { Cell, KeyedCell, Tag } from '@synod/register';
import type {
  OperationOutcome,
  RegisterLayout,
  KeyOperation,
  RegisterReport,
  RegisterValue,
} from '@synod/transport/client';
import { ask, askMany, strange } from './ask.js';
import type { ClientCore } from './client-core.js';
import type { CallOptions, ChangeOptions } from './options.js';
import { registerTraffic } from './register-traffic.js';
import { watchRegister } from './register-watch.js';
import { retry } from './retry.js';

/** A write or delete that a majority holds. */
export interface RegisterWritten {
  readonly tag: Tag;
}

/** What to write where. Text is written as UTF-8. */
export interface RegisterWrite {
  readonly key: string;
  readonly value: Uint8Array | string;
}

/**
 * The registers of a cluster. Many operations at once are sent in few frames, each answered by itself: what would be
 * the rejection of a single one is its `SynodError` here. What one server, named by its id or address, holds and tells is
 * asked of it alone; that rejects with `SynodError`.
 */
export class RegistersClient {
  readonly #core: ClientCore;

  constructor(core: ClientCore) {
    this.#core = core;
  }

  /** One result for each key, in order. */
  readMany(keys: readonly string[], options: CallOptions = {}): Promise<(RegisterValue | SynodError)[]> {
    const commands = keys.map((key) => ({ type: 'read', key }) as const);
    return askMany(this.#core, registerTraffic, commands, options, valueOf);
  }

  /** One result for each write, in order. Two of the same key are both written, in no certain order. */
  writeMany(writes: readonly RegisterWrite[], options: ChangeOptions = {}): Promise<(RegisterWritten | SynodError)[]> {
    return askMany(this.#core, registerTraffic, writes.map(toCommand), options, writtenOf);
  }

  /** Which registers and tokens there are, and who may; without a name, as the first server that answers tells it. */
  async layout(server?: string, options: CallOptions = {}): Promise<RegisterLayout> {
    const deadline = this.#core.deadline(options);
    if (server === undefined) {
      return retry(deadline, this.#core.closed, () => this.#core.layout.ask(deadline.rest()));
    }
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.registers.layout(deadline.rest());
  }

  /** The cell of one register that a server itself holds, which may be old; undefined: none. */
  async inspect(server: string, key: string, options: CallOptions = {}): Promise<Cell | undefined> {
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.registers.inspect(key, deadline.rest());
  }

  /** All cells that a server itself holds, those of deleted registers and of tokens included. */
  async *cells(server: string, options: CallOptions = {}): AsyncGenerator<KeyedCell> {
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    yield* calls.registers.cells(deadline.rest());
  }

  async status(server: string, options: CallOptions = {}): Promise<RegisterReport> {
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.registers.status(deadline.rest());
  }

  /** The current report, then one after each change. Ends with the signal; throws when the server goes away. */
  async *watchStatus(server: string, signal?: AbortSignal): AsyncGenerator<RegisterReport> {
    const { calls } = await this.#core.servers.named(server, this.#core.deadline({ signal }));
    yield* calls.registers.watchStatus({ signal });
  }
}

/** One register. Every method rejects with `SynodError`. */
export class RegisterHandle {
  readonly key: string;
  readonly #core: ClientCore;

  constructor(core: ClientCore, key: string) {
    this.key = key;
    this.#core = core;
  }

  /**
   * Never older than what any earlier read or write of it, anywhere, has returned. Repeated at other replicas until the
   * deadline; fails definite.
   */
  read(options: CallOptions = {}): Promise<RegisterValue> {
    return ask(this.#core, registerTraffic, { type: 'read', key: this.key }, options, valueOf);
  }

  /**
   * Resolves when a majority holds it. Rejects with `definite: false` when nobody knows: it may have been written, or
   * be written still. Text is written as UTF-8.
   */
  write(value: Uint8Array | string, options: ChangeOptions = {}): Promise<RegisterWritten> {
    const command = toCommand({ key: this.key, value });
    if (command instanceof SynodError) return Promise.reject(command);
    return ask(this.#core, registerTraffic, command, options, writtenOf);
  }

  /** Leaves a tombstone, written before or not; otherwise as `write`. */
  delete(options: ChangeOptions = {}): Promise<RegisterWritten> {
    return ask(this.#core, registerTraffic, { type: 'delete', key: this.key }, options, writtenOf);
  }

  /**
   * The current value, then newer ones as majorities hold them; not all of them. Tags rise. When its replica goes away
   * or lags behind, it goes on at another one, for as long as it takes. Ends with the signal.
   */
  watch({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<RegisterValue> {
    return watchRegister(this.#core, this.key, { signal });
  }
}

function valueOf(outcome: OperationOutcome): RegisterValue | SynodError {
  return outcome.type === 'value' ? { value: outcome.value, tag: outcome.tag } : strange(outcome);
}

function writtenOf(outcome: OperationOutcome): RegisterWritten | SynodError {
  return outcome.type === 'written' ? { tag: outcome.tag } : strange(outcome);
}

function toCommand({ key, value }: RegisterWrite): KeyOperation | SynodError {
  if (typeof value !== 'string') return { type: 'write', key, value };
  // An encoder would write another text than this, without a word.
  if (/\p{Surrogate}/u.test(value)) {
    return new SynodError('invalid_argument', 'value: text is not well-formed Unicode; give bytes');
  }
  return { type: 'write', key, value: Buffer.from(value) };
}
