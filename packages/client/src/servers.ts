import { SynodError, type NodeId } from '@synod/kernel';
import type { AccountId, BalanceMap } from '@synod/ledger';
import type { CallOptions } from '@synod/transport/client';
import type { ConnectOptions } from './options.js';
import { isPassing } from './retry.js';
import { ServerLink } from './server-link.js';

/** A server that does not answer in this time is passed over for the next one. */
const patienceMs = 2_000;

/** The servers of the cluster, and which of them is the home of which account: learned when first needed. */
export class Servers {
  readonly #links: readonly ServerLink[];
  readonly #homes = new Map<AccountId, NodeId>();
  #learning: Promise<void> | undefined;

  /** Throws `SynodError` `invalid_argument`. */
  constructor({ servers, cluster }: ConnectOptions) {
    if (servers.length === 0) throw new SynodError('invalid_argument', 'servers: at least one is needed');
    this.#links = servers.map((server) => {
      const named = typeof server === 'string' ? { address: server } : server;
      if (!/^.+:\d+$/.test(named.address)) {
        throw new SynodError('invalid_argument', `servers: '${named.address}' is not host:port`);
      }
      return new ServerLink(named, cluster);
    });
  }

  /** The server of this id or address. */
  async named(name: string): Promise<ServerLink> {
    const known = this.#find(name);
    if (known) return known;
    const silent = await this.#learnIds();
    const learned = this.#find(name);
    if (learned) return learned;
    const all = this.#links.map(({ id, address }) => id ?? address).join(', ');
    throw silent ?? new SynodError('unknown_server', `there is no server '${name}'; there are ${all}`);
  }

  /** The home of an account, if it is known already. */
  knownHome(account: AccountId): ServerLink | undefined {
    const home = this.#homes.get(account);
    return home === undefined ? undefined : this.#find(home);
  }

  /** The home of an account. Many may ask at once; the servers are asked once. */
  async home(account: AccountId): Promise<ServerLink> {
    if (!this.#homes.has(account)) {
      this.#learning ??= this.#learnHomes().finally(() => (this.#learning = undefined));
      await this.#learning;
    }
    const home = this.#homes.get(account);
    if (home === undefined) throw new SynodError('unknown_account', `there is no account '${account}'`);
    return this.named(home);
  }

  /** The server refused because it is not the home of this account: it knows who is. */
  async relearnHomes(link: ServerLink): Promise<void> {
    this.#remember(link, await link.calls.balanceMap({ timeoutMs: patienceMs }));
  }

  /** Every account as the first server knows it that answers. */
  async anyBalanceMap(options: CallOptions = {}): Promise<BalanceMap> {
    let last: unknown;
    for (const link of this.#links) {
      try {
        const timeoutMs = Math.min(patienceMs, options.timeoutMs ?? patienceMs);
        const map = await link.calls.balanceMap({ ...options, timeoutMs });
        this.#remember(link, map);
        return map;
      } catch (error) {
        if (!isPassing(error) && !isSlow(error)) throw error;
        last = error;
      }
    }
    throw new SynodError('unavailable', `no server answers: ${(last as Error).message}`, { cause: last });
  }

  close(): void {
    for (const link of this.#links) link.close();
  }

  #find(name: string): ServerLink | undefined {
    return this.#links.find(({ id }) => id === name) ?? this.#links.find(({ address }) => address === name);
  }

  async #learnHomes(): Promise<void> {
    await this.anyBalanceMap();
  }

  #remember(link: ServerLink, { server, balances }: BalanceMap): void {
    link.id ??= server;
    for (const { account, home } of balances) this.#homes.set(account, home);
  }

  /** Asks who they are, all servers of whom nobody said. Answers the error of one that is silent. */
  async #learnIds(): Promise<Error | undefined> {
    const unknown = this.#links.filter(({ id }) => id === undefined);
    const asked = unknown.map(async (link) => {
      const { status } = await link.calls.status({ timeoutMs: patienceMs });
      link.id = status.server;
    });
    const answers = await Promise.allSettled(asked);
    const silent = answers.find((answer) => answer.status === 'rejected');
    return silent?.reason as Error | undefined;
  }
}

function isSlow(error: unknown): boolean {
  return error instanceof SynodError && error.code === 'deadline';
}
