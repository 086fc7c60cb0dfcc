import type { NodeId } from '@synod/kernel';
import { showTransfer, type AccountId, type LedgerBlock } from '@synod/ledger';
import { LedgerView } from '../local-cluster/ledger-view.js';
import type { LocalCluster } from '../local-cluster/local-cluster.js';
import { homesOf, type Player } from '../play/player.js';
import { Settlement } from '../play/settlement.js';
import { askServers } from './ask-servers.js';
import type { Facts, PerformanceFacts, SetFacts } from './facts.js';
import { hasCrashed, said } from './said.js';
import type { ServerCommands } from './server-commands.js';

/** Does what the commands of the ledger ask, on a local cluster and the file it plays. */
export class LedgerOperator implements ServerCommands {
  readonly accounts: readonly AccountId[];
  readonly #local: LocalCluster;
  readonly #player: Player;
  readonly #view: LedgerView;
  readonly #homes: ReadonlyMap<AccountId, NodeId>;

  constructor(local: LocalCluster, player: Player) {
    this.#local = local;
    this.#player = player;
    this.#view = new LedgerView(local);
    this.#homes = homesOf(local.cluster);
    this.accounts = [...this.#homes.keys()];
  }

  get servers(): readonly NodeId[] {
    return this.#local.servers;
  }

  /** `S1-3` of the file instead of the id on the wire. */
  shortId(id: string): string {
    return this.#player.shortId(id);
  }

  async balances(accounts: readonly AccountId[]): Promise<Facts> {
    const homes = [...new Set(accounts.map((account) => this.#homes.get(account)!))];
    const { answers, silent } = await this.#ask(homes, async (home) => {
      const { balances } = await this.#view.balanceMap(home);
      const asked = balances.filter(({ account }) => this.#homes.get(account) === home && accounts.includes(account));
      return asked.map(({ account, spendable, pending }) => {
        return { account, home, spendable, pending, state: this.#view.state(home) };
      });
    });
    const rows = answers.flat().sort((a, b) => accounts.indexOf(a.account) - accounts.indexOf(b.account));
    return { kind: 'balances', rows, silent };
  }

  async logs(asked: readonly NodeId[]): Promise<Facts> {
    const { answers: servers, silent } = await this.#ask(asked, async (server) => {
      const { entries, pending } = await this.#view.log(server);
      return { server, state: this.#view.state(server), entries, pending };
    });
    return { kind: 'logs', servers, silent };
  }

  async blocks(asked: readonly NodeId[]): Promise<Facts> {
    const { answers: servers, silent } = await this.#ask(asked, async (server) => {
      const blocks: LedgerBlock[] = [];
      for await (const block of this.#view.blocks(server)) blocks.push(block);
      return { server, state: this.#view.state(server), blocks };
    });
    return { kind: 'blocks', servers, silent };
  }

  async performance(server: NodeId, recent: number): Promise<PerformanceFacts> {
    await this.#view.probe(server);
    const isRunning = this.#local.isRunning(server);
    const report = isRunning ? await this.#local.client.performance(server, { recent }) : undefined;
    return { server, state: this.#view.state(server), requests: 'transfer', report };
  }

  /** Plays the next set. */
  async nextIteration(): Promise<SetFacts | undefined> {
    const set = this.#player.next;
    const result = await this.#player.playNext();
    if (!set || !result) return undefined;
    const fates = new Map([...this.#player.played].map((played) => [played.transfer.id, played]));
    const transfers = set.transfers.map((transfer) => {
      const { fate = '', reason = '' } = fates.get(transfer.id) ?? {};
      return { id: transfer.id, transfer: showTransfer(transfer), fate, reason };
    });
    return {
      kind: 'set',
      result,
      transfers,
      commands: set.commands.map(({ name, args }) => [name, ...args].join(' ')),
    };
  }

  /** What there is to say when all sets are played. */
  noMoreSets(): Facts {
    return said(`All ${this.#player.total} sets have been played.`);
  }

  async crash(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    await this.#local.crash(server);
    return said(
      `${server} is killed (SIGKILL). Its log and blocks can still be printed; RestartServer ${server} starts it again.`,
    );
  }

  async restart(server: NodeId): Promise<Facts> {
    await this.#local.restart(server);
    const height = this.#local.board.get(server)?.status.height ?? 0;
    const chain = `${height} block${height === 1 ? '' : 's'}`;
    if (this.#local.isLinked(server)) return said(`${server} runs again on its data and has caught up: ${chain}.`);
    return said(
      `${server} runs again on its data, with ${chain}; it is not live in this set and has no link before the next.`,
    );
  }

  async disconnect(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    const { servers } = this;
    await this.#local.setLinks((other) => {
      return other === server ? [] : this.#local.allowedLinks(other).filter((peer) => peer !== server);
    });
    return said(
      `${server} is cut off from ${servers.filter((other) => other !== server).join(', ')}, until Connect ${server} or the next set.`,
    );
  }

  async connect(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    const linked = this.servers.filter((other) => other === server || this.#local.allowedLinks(other).length > 0);
    await this.#local.setLinks((other) => (linked.includes(other) ? linked : []));
    const others = this.#local.linksOf(server);
    return said(
      others.length > 0
        ? `${server} is linked to ${others.join(', ')}.`
        : `${server} is allowed links, but no other server is.`,
    );
  }

  async balanceMap(target: string): Promise<Facts> {
    if (target.startsWith('account:')) return this.#accountMap(target.slice('account:'.length));
    const { answers: servers, silent } = await this.#ask(target === 'all' ? this.servers : [target], async (server) => {
      const { height, balances } = await this.#view.balanceMap(server);
      const byAccount = new Map(balances.map(({ account, spendable }) => [account, spendable]));
      return { server, state: this.#view.state(server), height, balances: byAccount };
    });
    return { kind: 'balance-maps', accounts: this.accounts, servers, silent };
  }

  async #accountMap(account: AccountId): Promise<Facts> {
    const { answers: views, silent } = await this.#ask(this.servers, async (server) => {
      const { balances } = await this.#view.balanceMap(server);
      const { spendable } = balances.find((balance) => balance.account === account)!;
      return { server, state: this.#view.state(server), balance: spendable };
    });
    if (silent.length > 0) return { kind: 'account-map', account, views, aggregate: undefined, silent };
    const settlement = new Settlement(this.#local.cluster.ledger.accounts);
    await settlement.update(this.#view);
    return { kind: 'account-map', account, views, aggregate: settlement.balances.get(account), silent };
  }

  #ask<T>(servers: readonly NodeId[], ask: (server: NodeId) => Promise<T>): ReturnType<typeof askServers<T>> {
    return askServers(servers, async (server) => {
      await this.#view.probe(server);
      return ask(server);
    });
  }

  #requireRunning(server: NodeId): void {
    if (!this.#local.isRunning(server)) throw hasCrashed(server);
  }
}
