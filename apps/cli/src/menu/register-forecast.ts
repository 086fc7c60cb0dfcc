import { SynodError, type NodeId } from '@synod/kernel';
import type { Domain } from '@synod/tokens/vocabulary';
import { shownName } from '../answers/one-line.js';
import type { TokenLayout } from '@synod/transport/client';
import type { RegisterCluster } from '../cluster/register-cluster.js';
import { doesNotAnswer, hasCrashed, refusesFaults, startedElsewhere } from './said.js';
import type { ServerForecast } from './server-commands.js';

/** What commands of tokens would do now, in one line each. They throw `SynodError` for what would be refused. */
export class RegisterForecast implements ServerForecast {
  readonly #cluster: RegisterCluster;
  readonly #hasProcesses: boolean;

  constructor(cluster: RegisterCluster, hasProcesses: boolean) {
    this.#cluster = cluster;
    this.#hasProcesses = hasProcesses;
  }

  tokens(): string {
    const { tokens } = this.#cluster.layout;
    return `shows ${tokens.length} token${tokens.length === 1 ? '' : 's'}, and what each replica holds by itself`;
  }

  read(id: string): string {
    return `reads token ${shownName(id)} at a majority of ${this.#token(id).replicas.join(', ')}`;
  }

  write(id: string, name: string, { low, mid, high }: Domain): string {
    return `writes ${JSON.stringify(name)} [${low}, ${mid}, ${high}) to token ${shownName(id)}, at ${this.writerOf(id)}`;
  }

  create(id: string): string {
    return `creates token ${shownName(id)} anew, at ${this.writerOf(id)}`;
  }

  drop(id: string): string {
    return `drops token ${shownName(id)}, at ${this.writerOf(id)}: its name and state are gone`;
  }

  silence(server: NodeId, token: string | undefined): string {
    this.requireFaults(server);
    return token === undefined
      ? `${server} sends nothing more to anybody`
      : `${server} sends nothing more about token ${shownName(token)}`;
  }

  unsilence(server: NodeId, token: string | undefined): string {
    this.requireFaults(server);
    return token === undefined
      ? `lifts all silences of ${server}`
      : `lifts the silence of ${server} about token ${shownName(token)}`;
  }

  crash(server: NodeId): string {
    if (!this.#hasProcesses) throw startedElsewhere(server, 'kill');
    this.requireRunning(server);
    return `kills the process of ${server} (SIGKILL)`;
  }

  restart(server: NodeId): string {
    if (!this.#hasProcesses) throw startedElsewhere(server, 'start');
    if (this.#cluster.isRunning(server)) throw new SynodError('invalid_argument', `${server} runs already`);
    return `starts ${server} again on its data${this.#cluster.isLinked(server) ? '' : ', without links'}`;
  }

  disconnect(server: NodeId): string {
    this.requireRunning(server);
    if (!this.#cluster.isLinked(server)) return `${server} has no links: nothing changes`;
    const others = this.#cluster.servers.filter((other) => other !== server);
    return `cuts the links of ${server} to ${others.join(', ')} until Connect ${server}`;
  }

  connect(server: NodeId): string {
    this.requireRunning(server);
    return `allows ${server} all its links`;
  }

  /** Throws `SynodError` `unavailable`. */
  requireRunning(server: NodeId): void {
    if (this.#cluster.isRunning(server)) return;
    throw this.#hasProcesses ? hasCrashed(server) : doesNotAnswer(server);
  }

  /** Throws `SynodError` if the server does not run, or is known to refuse. */
  requireFaults(server: NodeId): void {
    this.requireRunning(server);
    if (this.#cluster.refusesFaults.has(server)) throw refusesFaults(server);
  }

  /**
   * Who changes a token. Throws `SynodError` `unavailable` if it does not run: that is known here, while the client would
   * go on looking for it.
   */
  writerOf(id: string): NodeId {
    const { writer } = this.#token(id);
    if (this.#cluster.isRunning(writer)) return writer;
    const why = this.#hasProcesses ? hasCrashed(writer) : doesNotAnswer(writer);
    throw new SynodError('unavailable', `only ${writer} changes token ${shownName(id)}: ${why.message}`);
  }

  #token(id: string): TokenLayout {
    const token = this.#cluster.layout.tokens.find((one) => one.id === id);
    if (!token) throw new SynodError('unknown_token', `there is no token ${shownName(id)}`);
    return token;
  }
}
