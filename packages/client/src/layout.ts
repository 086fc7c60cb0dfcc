import type { CallOptions, RegisterLayout } from '@synod/transport/client';
import { firstAnswer } from './first-answer.js';
import { Routes } from './routes.js';
import type { ServerLink } from './server-link.js';
import type { Servers } from './servers.js';

/** How long one server may take to tell the layout. */
const patienceMs = 2_000;

/** The layout of registers and tokens: learned once when it is first needed, and anew when it misled somebody. */
export class Layout {
  readonly #servers: Servers;
  #routes: Routes | undefined;
  #waiting: ((problem: Error | undefined) => void)[] = [];

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  /** As last learned. */
  get routes(): Routes | undefined {
    return this.#routes;
  }

  /**
   * Makes `routes` another than `outdated`: at once if it is so already. Many may ask at once; the servers are asked
   * once. `done` gets the problem if no server tells. Who refused knows best: it is asked first.
   */
  renew(outdated: Routes | undefined, done: (problem?: Error) => void, refusedBy?: ServerLink): void {
    if (this.#routes !== outdated) return done();
    this.#waiting.push(done);
    if (this.#waiting.length > 1) return;
    this.learn({ timeoutMs: patienceMs }, refusedBy).then(
      () => this.#tell(undefined),
      (problem: Error) => this.#tell(problem),
    );
  }

  /** Asks for the layout of this moment. */
  async learn(options: CallOptions, first?: ServerLink): Promise<Routes> {
    const layout = await this.ask(options, first);
    await this.#servers.areAt(layout.nodes);
    this.#routes = new Routes(layout);
    return this.#routes;
  }

  /** As the first server that answers tells it. */
  ask(options: CallOptions, first?: ServerLink): Promise<RegisterLayout> {
    const { all } = this.#servers;
    const order = first ? [first, ...all.filter((link) => link !== first)] : all;
    return firstAnswer(order, options, (link, rest) => link.calls.registers.layout(rest));
  }

  #tell(problem: Error | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done(problem);
  }
}
