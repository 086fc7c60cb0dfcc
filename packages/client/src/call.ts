import { SynodError } from '@synod/kernel';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import { Operation, type Circumstances } from './operation.js';
import type { ChangeOptions } from './options.js';
import type { Traffic } from './traffic.js';

/** Operations that are asked for together: they share deadline and signal, and are answered together. */
export class Call<Command, Outcome> implements Circumstances<Command, Outcome> {
  readonly core: ClientCore;
  readonly traffic: Traffic<Command, Outcome>;
  readonly deadline: Deadline;
  readonly retryIndefinite: boolean;
  #operations: Operation<Command, Outcome>[] = [];
  readonly #results: (Outcome | SynodError)[];
  #missing: number;
  #done: (results: (Outcome | SynodError)[]) => void = () => undefined;
  readonly #abort = (): void => this.giveUp('the caller gave up');

  /** An error in place of a command is its result. Throws `SynodError` `invalid_argument` for options. */
  constructor(
    core: ClientCore,
    traffic: Traffic<Command, Outcome>,
    commands: readonly (Command | SynodError)[],
    options: ChangeOptions,
  ) {
    this.core = core;
    this.traffic = traffic;
    this.deadline = core.deadline(options);
    this.retryIndefinite = options.retryIndefinite ?? false;
    this.#results = new Array<Outcome | SynodError>(commands.length);
    this.#missing = commands.length;
    for (const [i, command] of commands.entries()) this.#add(command, i);
  }

  /** One result for each command, in order. */
  run(): Promise<(Outcome | SynodError)[]> {
    return new Promise((resolve) => {
      this.#done = resolve;
      if (this.#missing === 0) return resolve(this.#results);
      const { core, deadline } = this;
      core.began(this);
      deadline.signal?.addEventListener('abort', this.#abort);
      if (core.closed.aborted) this.giveUp('the client is closed');
      else if (deadline.signal?.aborted) this.#abort();
      else for (const operation of this.#operations) operation.start();
    });
  }

  /** Ends what is not decided with `cancelled`. */
  giveUp(why: string): void {
    for (const operation of this.#operations) operation.giveUp(why);
  }

  #add(command: Command | SynodError, index: number): void {
    if (command instanceof SynodError) {
      this.#results[index] = command;
      this.#missing--;
    } else {
      this.#operations.push(new Operation(this, command, (result) => this.#settled(index, result)));
    }
  }

  #settled(index: number, result: Outcome | SynodError): void {
    this.#results[index] = result;
    if (--this.#missing > 0) return;
    this.deadline.signal?.removeEventListener('abort', this.#abort);
    this.core.ended(this);
    this.#operations = [];
    this.#done(this.#results);
  }
}
