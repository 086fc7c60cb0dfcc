import { SynodError, type NodeId } from '@synod/kernel';
import type { AccountId, BalanceMap } from '@synod/ledger';
import type { CallOptions } from '@synod/transport/client';
import type { Deadline } from './deadline.js';
import { firstAnswer } from './first-answer.js';
import type { ServerLink } from './server-link.js';
import type { Servers } from './servers.js';

/** How long one server may take to tell who executes which account. */
const patienceMs = 2_000;

/** Which server executes which account: learned when first needed. */
export class Homes {
  readonly #servers: Servers;
  readonly #homes = new Map<AccountId, NodeId>();
  #learning: Promise<BalanceMap> | undefined;

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  /** The home of an account, if it is known already. */
  known(account: AccountId): ServerLink | undefined {
    const home = this.#homes.get(account);
    return home === undefined ? undefined : this.#servers.at(home);
  }

  /** The home of an account. Many may ask at once; the servers are asked once. */
  async of(account: AccountId, deadline: Deadline): Promise<ServerLink> {
    if (!this.#homes.has(account)) {
      this.#learning ??= this.anyBalanceMap({ timeoutMs: patienceMs }).finally(() => (this.#learning = undefined));
      await this.#learning;
    }
    const home = this.#homes.get(account);
    if (home === undefined) throw new SynodError('unknown_account', `there is no account '${account}'`);
    return this.#servers.named(home, deadline);
  }

  /** The server refused because it is not the home of some account: it knows who is. */
  async relearn(link: ServerLink): Promise<void> {
    this.#remember(link, await link.calls.ledger.balanceMap({ timeoutMs: patienceMs }));
  }

  /** Every account as the first server knows it that answers. */
  anyBalanceMap(options: CallOptions): Promise<BalanceMap> {
    return firstAnswer(this.#servers.all, options, async (link, rest) => {
      const map = await link.calls.ledger.balanceMap(rest);
      this.#remember(link, map);
      return map;
    });
  }

  #remember(link: ServerLink, { server, balances }: BalanceMap): void {
    this.#servers.isCalled(link, server);
    for (const { account, home } of balances) this.#homes.set(account, home);
  }
}
