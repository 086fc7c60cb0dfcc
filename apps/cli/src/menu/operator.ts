import { SynodError, type NodeId } from '@synod/kernel';
import { askServers } from './ask-servers.js';
import type { Facts } from './facts.js';
import type { KnownNames } from './known-names.js';
import type { LedgerOperator } from './ledger-operator.js';
import type { RegisterOperator } from './register-operator.js';
import type { ServerCommands } from './server-commands.js';

/** Requests that `Performance` tells one by one. */
const recentRequests = 20;
const allRequests = 100_000;

/** Does what the commands ask, of all that runs. */
export class Operator {
  readonly names: KnownNames;
  readonly #ledger: LedgerOperator | undefined;
  readonly #registers: RegisterOperator | undefined;

  /** One of the two, or both. */
  constructor({ ledger, registers }: { readonly ledger?: LedgerOperator; readonly registers?: RegisterOperator }) {
    this.#ledger = ledger;
    this.#registers = registers;
    this.names = { ledger, registers };
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

  /** Who acts on a server. */
  of(server: NodeId): ServerCommands {
    return this.#ledger?.servers.includes(server) ? this.#ledger : this.registers;
  }

  async performance(asked: readonly NodeId[], all: boolean): Promise<Facts> {
    const recent = all ? allRequests : recentRequests;
    const { answers, silent } = await askServers(asked, (server) => this.of(server).performance(server, recent));
    return { kind: 'performance', servers: answers, silent };
  }

  /** `S1-3` of the file instead of the id on the wire. */
  shortId(id: string): string {
    return this.#ledger?.shortId(id) ?? id;
  }
}
