import type { SynodError } from '@synod/kernel';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import { Operation } from './operation.js';
import type { ChangeOptions } from './options.js';
import type { Circumstances, Running, Traffic } from './traffic.js';

/** Operations that are asked for together: they share deadline and signal. */
export class Call<Command, Outcome> implements Circumstances<Command, Outcome> {
  readonly core: ClientCore;
  readonly traffic: Traffic<Command, Outcome>;
  readonly deadline: Deadline;
  readonly retryIndefinite: boolean;
  readonly #done: (number: number, result: Outcome | SynodError) => void;
  #operations: readonly Running[] = [];
  #missing = 0;
  #abort: (() => void) | undefined;

  /** `done` is called once for each command, with its place among them. Throws `SynodError` `invalid_argument`. */
  constructor(
    core: ClientCore,
    traffic: Traffic<Command, Outcome>,
    options: ChangeOptions,
    done: (number: number, result: Outcome | SynodError) => void,
  ) {
    this.core = core;
    this.traffic = traffic;
    this.deadline = core.deadline(options);
    this.retryIndefinite = options.retryIndefinite ?? false;
    this.#done = done;
  }

  start(commands: readonly Command[]): void {
    const { signal, start } = this.deadline;
    this.#operations = commands.map((command, number) => this.#operation(command, number));
    this.#missing = commands.length;
    if (this.core.isClosed) return this.#giveUp('the client is closed');
    if (signal?.aborted) return this.#giveUp('the caller gave up');
    this.#abort = signal && (() => this.#giveUp('the caller gave up'));
    if (this.#abort) signal?.addEventListener('abort', this.#abort);
    for (const operation of this.#operations) operation.start(start);
  }

  settled(number: number, result: Outcome | SynodError): void {
    this.#missing--;
    if (this.#missing === 0 && this.#abort) this.deadline.signal?.removeEventListener('abort', this.#abort);
    this.#done(number, result);
  }

  #operation(command: Command, number: number): Running {
    const { core, traffic } = this;
    if (core.readsFromReplicas && traffic.readByQuorum && traffic.isRead(command)) {
      return traffic.readByQuorum(this, command, number);
    }
    return new Operation(this, command, number);
  }

  #giveUp(why: string): void {
    for (const operation of this.#operations) operation.giveUp(why);
  }
}
