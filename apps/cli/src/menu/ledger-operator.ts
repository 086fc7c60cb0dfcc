import type { NodeId } from '@synod/kernel';
import type { AccountId, LedgerBlock } from '@synod/ledger';
import type { TransactionSet } from '@synod/ledger/file';
import type { LedgerCluster } from '../cluster/ledger-cluster.js';
import { LedgerView } from '../cluster/ledger-view.js';
import { missingBlocks } from '../cluster/missing-blocks.js';
import { fateRow, type FateRow } from '../play/fates.js';
import type { Player } from '../play/player.js';
import { Settlement } from '../play/settlement.js';
import { askServers } from './ask-servers.js';
import type { Facts, PerformanceFacts, SetFacts } from './facts.js';
import { LedgerForecast, noFile } from './ledger-forecast.js';
import { OneAtATime } from './one-at-a-time.js';
import { said, startedElsewhere } from './said.js';
import type { Processes, ServerCommands } from './server-commands.js';

export interface LedgerOperatorOptions {
  readonly cluster: LedgerCluster;
  /** Undefined: its servers were started elsewhere. */
  readonly processes?: Processes;
  /** Undefined: there is no file to play. */
  readonly player?: Player;
}

/** Does what the commands of the ledger ask, on a ledger that runs and the file that is played on it. */
export class LedgerOperator implements ServerCommands {
  readonly accounts: readonly AccountId[];
  readonly forecast: LedgerForecast;
  readonly #cluster: LedgerCluster;
  readonly #processes: Processes | undefined;
  readonly #player: Player | undefined;
  readonly #view: LedgerView;
  /** Whatever changes links. */
  readonly #turns = new OneAtATime();

  constructor({ cluster, processes, player }: LedgerOperatorOptions) {
    this.#cluster = cluster;
    this.#processes = processes;
    this.#player = player;
    this.#view = new LedgerView(cluster);
    this.accounts = [...cluster.homes.keys()];
    this.forecast = new LedgerForecast({ cluster, player, hasProcesses: this.hasProcesses, turns: this.#turns });
  }

  get servers(): readonly NodeId[] {
    return this.#cluster.servers;
  }

  get hasProcesses(): boolean {
    return this.#processes !== undefined;
  }

  /** Why there is no next set; undefined: there is, or was. */
  get whyNoSets(): string | undefined {
    return this.#player ? undefined : noFile().message;
  }

  /** `S1-3` of the file instead of the id on the wire. */
  shortId(id: string): string {
    return this.#player?.shortId(id) ?? id;
  }

  async balances(accounts: readonly AccountId[]): Promise<Facts> {
    const homes = [...new Set(accounts.map((account) => this.#cluster.homes.get(account)!))];
    const { answers, silent } = await this.#ask(homes, async (home) => {
      const { balances } = await this.#view.balanceMap(home);
      const asked = balances.filter(
        ({ account }) => this.#cluster.homes.get(account) === home && accounts.includes(account),
      );
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
      const height = await this.#view.height(server);
      const blocks: LedgerBlock[] = [];
      for await (const block of this.#view.blocks(server)) blocks.push(block);
      return { server, state: this.#view.state(server), blocks, missing: missingBlocks(blocks, height) };
    });
    return { kind: 'blocks', servers, silent };
  }

  async performance(server: NodeId, recent: number): Promise<PerformanceFacts> {
    const report = await this.#view.performance(server, recent);
    return { server, state: this.#view.state(server), requests: 'transfer', report };
  }

  /** Plays the next set; undefined after the last. */
  async nextIteration(): Promise<SetFacts | undefined> {
    const player = this.#player;
    if (!player) throw noFile();
    const set = player.next;
    return this.#turns.run('NextIteration', `set ${set?.set} is being played`, async () => {
      const crashed = set?.live.filter((server) => !this.#cluster.isRunning(server)) ?? [];
      const result = await player.playNext();
      if (!set || !result) return undefined;
      const commands = set.commands.map(({ name, args }) => [name, ...args].join(' '));
      return { kind: 'set', crashed, result, transfers: fateRows(set, player), commands };
    });
  }

  /** What there is to say when all sets are played. */
  noMoreSets(): Facts {
    return said(`All ${this.#player?.total} sets have been played.`);
  }

  async crash(server: NodeId): Promise<Facts> {
    if (!this.#processes) throw startedElsewhere(server, 'kill');
    this.forecast.requireRunning(server);
    await this.#processes.crash(server);
    return said(
      `${server} is killed (SIGKILL). Its log and blocks can still be printed; RestartServer ${server} starts it again.`,
    );
  }

  async restart(server: NodeId): Promise<Facts> {
    if (!this.#processes) throw startedElsewhere(server, 'start');
    await this.#processes.restart(server);
    const height = this.#cluster.board.get(server)?.status.height ?? 0;
    const chain = `${height} block${height === 1 ? '' : 's'}`;
    if (this.#cluster.isLinked(server)) return said(`${server} runs again on its data and has caught up: ${chain}.`);
    return said(
      `${server} runs again on its data, with ${chain}; it is not live in this set and has no link before the next.`,
    );
  }

  async disconnect(server: NodeId): Promise<Facts> {
    this.forecast.requireRunning(server);
    await this.#turns.run('Disconnect', `the links of ${server} are being cut`, () =>
      this.#cluster.setLinks((other) => {
        return other === server ? [] : this.#cluster.allowedLinks(other).filter((peer) => peer !== server);
      }),
    );
    const others = this.servers.filter((other) => other !== server).join(', ');
    const until = `until Connect ${server}${this.#player ? ' or the next set' : ''}`;
    return said(`${server} is cut off from ${others}, ${until}.`);
  }

  async connect(server: NodeId): Promise<Facts> {
    this.forecast.requireRunning(server);
    const linked = this.servers.filter((other) => other === server || this.#cluster.allowedLinks(other).length > 0);
    await this.#turns.run('Connect', `${server} is being linked`, () =>
      this.#cluster.setLinks((other) => (linked.includes(other) ? linked : [])),
    );
    const others = this.#cluster.linksOf(server);
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
    const settlement = new Settlement(await this.#view.initialBalances());
    await settlement.update(this.#view);
    return { kind: 'account-map', account, views, aggregate: settlement.balances.get(account), silent };
  }

  #ask<T>(servers: readonly NodeId[], ask: (server: NodeId) => Promise<T>): ReturnType<typeof askServers<T>> {
    return askServers(servers, async (server) => {
      await this.#view.probe(server);
      return ask(server);
    });
  }
}

function fateRows({ transfers }: TransactionSet, player: Player): FateRow[] {
  const played = new Map([...player.played].map((one) => [one.transfer.id, one]));
  return transfers.map((transfer) => fateRow(played.get(transfer.id)!));
}
