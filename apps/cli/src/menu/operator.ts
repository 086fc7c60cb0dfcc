import { SynodError, type NodeId } from '@synod/kernel';
import { askServers } from './ask-servers.js';
import type { Facts } from './facts.js';
import type { Hints, KnownNames } from './known-names.js';
import type { LedgerOperator } from './ledger-operator.js';
import type { RegisterOperator } from './register-operator.js';
import type { ServerCommands } from './server-commands.js';

/** Requests that `Performance` tells one by one. */
const recentRequests = 20;
const allRequests = 100_000;

export interface OperatorOptions {
  /** One of the two, or both. */
  readonly ledger?: LedgerOperator;
  readonly registers?: RegisterOperator;
  readonly hints?: Hints;
}

/** Does what the commands ask, of all that runs. */
export class Operator {
  readonly names: KnownNames;
  readonly #ledger: LedgerOperator | undefined;
  readonly #registers: RegisterOperator | undefined;

  constructor({ ledger, registers, hints }: OperatorOptions) {
    this.#ledger = ledger;
    this.#registers = registers;
    this.names = { ledger, registers, hints };
  }

  /** Throws `SynodError` `unavailable` if there is none. */
  get ledger(): LedgerOperator {
    if (!this.#ledger) throw new SynodError('unavailable', 'the ledger does not run here');
    return this.#ledger;
  }

  /** Throws `SynodError` `unavailable` if there are none. */
  get registers(): RegisterOperator {
    if (!this.#registers) throw new SynodError('unavailable', 'registers do not run here');
    return this.#registers;
  }

  /** Of the ledger, then those of the registers. */
  get servers(): readonly NodeId[] {
    return [...(this.#ledger?.servers ?? []), ...(this.#registers?.servers ?? [])];
  }

  /** Why no process can be killed or started; undefined: they can. */
  get whyNoProcesses(): string | undefined {
    if (this.#ledger?.hasProcesses || this.#registers?.hasProcesses) return undefined;
    return 'the servers were started elsewhere: kill and start their processes there';
  }

  /** Who acts on a server. */
  of(server: NodeId): ServerCommands {
    return this.#ledger?.servers.includes(server) ? this.#ledger : this.registers;
  }

  async performance(asked: readonly NodeId[], all: boolean): Promise<Facts> {
    const recent = all ? allRequests : recentRequests;
    const { answers, silent } = await askServers(asked, (server) => this.of(server).performance(server, recent));
    return { kind: 'performance', servers: answers, silent };
  }

  forecastPerformance(asked: readonly NodeId[]): string {
    return `shows what ${asked.join(', ')} measured: RPC methods, and requests`;
  }

  /** `S1-3` of the file instead of the id on the wire. */
  shortId(id: string): string {
    return this.#ledger?.shortId(id) ?? id;
  }
}
