import { SynodError, type NodeId } from '@synod/kernel';
import type { AccountId } from '@synod/ledger';
import type { LedgerCluster } from '../cluster/ledger-cluster.js';
import type { Player } from '../play/player.js';
import type { OneAtATime } from './one-at-a-time.js';
import { doesNotAnswer, hasCrashed, startedElsewhere } from './said.js';
import type { ServerForecast } from './server-commands.js';

export interface LedgerForecastOptions {
  readonly cluster: LedgerCluster;
  readonly player: Player | undefined;
  readonly hasProcesses: boolean;
  readonly turns: OneAtATime;
}

/** What commands of the ledger would do now, in one line each. They throw `SynodError` for what would be refused. */
export class LedgerForecast implements ServerForecast {
  readonly #cluster: LedgerCluster;
  readonly #player: Player | undefined;
  readonly #hasProcesses: boolean;
  readonly #turns: OneAtATime;

  constructor({ cluster, player, hasProcesses, turns }: LedgerForecastOptions) {
    this.#cluster = cluster;
    this.#player = player;
    this.#hasProcesses = hasProcesses;
    this.#turns = turns;
  }

  balances(accounts: readonly AccountId[]): string {
    const homes = [...new Set(accounts.map((account) => this.#cluster.homes.get(account)!))];
    const what = accounts.length === 1 ? `the spendable balance of ${accounts[0]}` : 'all spendable balances';
    return `shows ${what} as ${homes.join(', ')} ${homes.length === 1 ? 'knows it' : 'know them'}${this.#absent(homes)}`;
  }

  logs(servers: readonly NodeId[]): string {
    return `shows the local log of ${servers.join(', ')}, and what is pending${this.#absent(servers)}`;
  }

  blocks(servers: readonly NodeId[]): string {
    return `shows the committed blocks of ${servers.join(', ')}${this.#absent(servers)}`;
  }

  balanceMap(target: string): string {
    const { servers } = this.#cluster;
    if (target === 'all') return `shows every account as each server knows it${this.#absent(servers)}`;
    if (!target.startsWith('account:')) return `shows every account as ${target} knows it${this.#absent([target])}`;
    return `shows account ${target.slice('account:'.length)} on every server, and the aggregate${this.#absent(servers)}`;
  }

  nextIteration(): string {
    if (!this.#player) throw noFile();
    this.#turns.require('NextIteration');
    const { next, begun, total } = this.#player;
    if (!next) return `all ${total} sets have been played: nothing is left to play`;
    const transfers = `${next.transfers.length} transfer${next.transfers.length === 1 ? '' : 's'}`;
    const live = next.live.length > 0 ? `live ${next.live.join(' ')}` : 'nobody is live';
    return `plays set ${begun + 1} of ${total}: ${transfers}, ${live}${this.#absent(next.live)}`;
  }

  crash(server: NodeId): string {
    if (!this.#hasProcesses) throw startedElsewhere(server, 'kill');
    this.requireRunning(server);
    const { underWay } = this.#turns;
    const left = this.#cluster.running().length - 1;
    const majority =
      left < this.#cluster.majority ? `: ${left} of ${this.#cluster.servers.length} are left, no majority` : '';
    return `kills the process of ${server} (SIGKILL)${underWay === undefined ? '' : `, while ${underWay}`}${majority}`;
  }

  restart(server: NodeId): string {
    if (!this.#hasProcesses) throw startedElsewhere(server, 'start');
    if (this.#cluster.isRunning(server)) throw new SynodError('invalid_argument', `${server} runs already`);
    const links = this.#cluster.isLinked(server) ? '' : ', without links: it is not live in this set';
    return `starts ${server} again on its data${links}`;
  }

  disconnect(server: NodeId): string {
    this.requireRunning(server);
    this.#turns.require('Disconnect');
    if (!this.#cluster.isLinked(server)) return `${server} has no links: nothing changes`;
    const others = this.#cluster.servers.filter((other) => other !== server);
    return `cuts the links of ${server} to ${others.join(', ')} until Connect ${server}${this.#player ? ' or the next set' : ''}`;
  }

  connect(server: NodeId): string {
    this.requireRunning(server);
    this.#turns.require('Connect');
    const others = this.#cluster.running().filter((other) => other !== server && this.#cluster.isLinked(other));
    return others.length > 0
      ? `links ${server} to ${others.join(', ')}`
      : `allows ${server} links; no other server has any`;
  }

  /** What there is to say of those that do not run. */
  #absent(servers: readonly NodeId[]): string {
    const absent = servers.filter((server) => !this.#cluster.isRunning(server));
    if (absent.length === 0) return '';
    const how = this.#cluster.askOffline ? (absent.length === 1 ? 'has crashed' : 'have crashed') : 'not answering';
    return `; ${absent.join(', ')} ${how}`;
  }

  /** Throws `SynodError` `unavailable`. */
  requireRunning(server: NodeId): void {
    if (this.#cluster.isRunning(server)) return;
    throw this.#hasProcesses ? hasCrashed(server) : doesNotAnswer(server);
  }
}

/** Why there is no next set. */
export function noFile(): SynodError {
  return new SynodError('unavailable', 'there is no file to play: give one, as in synod tui --connect … FILE');
}
