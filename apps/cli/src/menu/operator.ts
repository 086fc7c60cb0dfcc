import { SynodError, type NodeId } from '@synod/kernel';
import { showTransfer, type AccountId, type LedgerBlock } from '@synod/ledger';
import { LedgerView } from '../local-cluster/ledger-view.js';
import type { LocalCluster } from '../local-cluster/local-cluster.js';
import { homesOf, type Player } from '../play/player.js';
import { Settlement } from '../play/settlement.js';
import type { Facts, SetFacts } from './facts.js';

/** Transfers that `Performance` tells one by one. */
const recentTransfers = 20;
const allTransfers = 100_000;

/** Does what the commands ask, on a local cluster and the file it plays. */
export class Operator {
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
    const rows = await Promise.all(
      accounts.map(async (account) => {
        const home = this.#homes.get(account)!;
        const { balances } = await this.#view.balanceMap(home);
        const { spendable, pending } = balances.find((balance) => balance.account === account)!;
        return { account, home, spendable, pending, state: this.#view.state(home) };
      }),
    );
    return { kind: 'balances', rows };
  }

  async logs(servers: readonly NodeId[]): Promise<Facts> {
    const facts = servers.map(async (server) => {
      const { entries, pending } = await this.#view.log(server);
      return { server, state: this.#view.state(server), entries, pending };
    });
    return { kind: 'logs', servers: await Promise.all(facts) };
  }

  async blocks(servers: readonly NodeId[]): Promise<Facts> {
    const facts = servers.map(async (server) => {
      const blocks: LedgerBlock[] = [];
      for await (const block of this.#view.blocks(server)) blocks.push(block);
      return { server, state: this.#view.state(server), blocks };
    });
    return { kind: 'blocks', servers: await Promise.all(facts) };
  }

  async performance(servers: readonly NodeId[], all: boolean): Promise<Facts> {
    const recent = all ? allTransfers : recentTransfers;
    const facts = servers.map(async (server) => {
      const isRunning = this.#local.isRunning(server);
      const report = isRunning ? await this.#local.ledger.performance(server, { recent }) : undefined;
      return { server, state: this.#view.state(server), report };
    });
    return { kind: 'performance', servers: await Promise.all(facts) };
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
    const servers = target === 'all' ? this.servers : [target];
    const facts = servers.map(async (server) => {
      const { height, balances } = await this.#view.balanceMap(server);
      const byAccount = new Map(balances.map(({ account, spendable }) => [account, spendable]));
      return { server, state: this.#view.state(server), height, balances: byAccount };
    });
    return { kind: 'balance-maps', accounts: this.accounts, servers: await Promise.all(facts) };
  }

  async #accountMap(account: AccountId): Promise<Facts> {
    const views = await Promise.all(
      this.servers.map(async (server) => {
        const { balances } = await this.#view.balanceMap(server);
        const { spendable } = balances.find((balance) => balance.account === account)!;
        return { server, state: this.#view.state(server), balance: spendable };
      }),
    );
    const settlement = new Settlement(this.#local.cluster.ledger.accounts);
    await settlement.update(this.#view);
    return { kind: 'account-map', account, views, aggregate: settlement.balances.get(account) ?? 0n };
  }

  #requireRunning(server: NodeId): void {
    if (!this.#local.isRunning(server))
      throw new SynodError('unavailable', `${server} has crashed: RestartServer ${server} starts it again`);
  }
}

function said(text: string): Facts {
  return { kind: 'said', text };
}
