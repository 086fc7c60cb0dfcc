import type { TokenHandle } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { Domain } from '@synod/tokens/vocabulary';
import { shownName } from '../answers/one-line.js';
import { tokenAnswer } from '../answers/token-answers.js';
import type { RegisterReport } from '@synod/transport/client';
import type { RegisterCluster } from '../cluster/register-cluster.js';
import { RegisterView } from '../cluster/register-view.js';
import { askServers } from './ask-servers.js';
import type { Facts, PerformanceFacts } from './facts.js';
import type { RegisterNames } from './known-names.js';
import { RegisterForecast } from './register-forecast.js';
import { said, startedElsewhere } from './said.js';
import type { Processes, ServerCommands } from './server-commands.js';
import { tokenFacts } from './token-facts.js';

/** How long links may take to come up, or to end. */
const patienceMs = 10_000;

export interface RegisterOperatorOptions {
  readonly cluster: RegisterCluster;
  /** Undefined: its servers were started elsewhere. */
  readonly processes?: Processes;
}

/** Does what the commands of tokens ask, on register servers that run. */
export class RegisterOperator implements ServerCommands, RegisterNames {
  readonly forecast: RegisterForecast;
  readonly #cluster: RegisterCluster;
  readonly #processes: Processes | undefined;
  readonly #view: RegisterView;

  constructor({ cluster, processes }: RegisterOperatorOptions) {
    this.#cluster = cluster;
    this.#processes = processes;
    this.#view = new RegisterView(cluster);
    this.forecast = new RegisterForecast(cluster, this.hasProcesses);
  }

  get hasProcesses(): boolean {
    return this.#processes !== undefined;
  }

  /** Why no server can be silenced; undefined: some may be. */
  get whyNoSilence(): string | undefined {
    const { servers, refusesFaults } = this.#cluster;
    if (!servers.every((server) => refusesFaults.has(server))) return undefined;
    return 'the servers were started without --allow-faults';
  }

  get servers(): readonly NodeId[] {
    return this.#cluster.servers;
  }

  get nodes(): RegisterNames['nodes'] {
    return this.#cluster.layout.nodes;
  }

  get tokenIds(): readonly string[] {
    return this.#cluster.layout.tokens.map(({ id }) => id);
  }

  /** Every token, and what each replica holds of it by itself. */
  async tokens(): Promise<Facts> {
    const { tokens } = this.#cluster.layout;
    const { answers, silent } = await askServers(this.servers, (server) => this.#view.look(server));
    const looks = new Map(answers.map((look) => [look.server, look]));
    const state = (server: NodeId) => this.#view.state(server);
    return { kind: 'tokens', tokens: tokens.map((token) => tokenFacts(token, looks, state)), silent };
  }

  async read(id: string): Promise<Facts> {
    const { token, tag } = await this.#cluster.client.token(id).read();
    return { kind: 'token', ...tokenAnswer(token, tag) };
  }

  async write(id: string, name: string, domain: Domain): Promise<Facts> {
    const { partial, tag } = await this.#atWriter(id).write({ name, domain });
    return { kind: 'token', ...tokenAnswer({ id, name, domain, partial }, tag) };
  }

  async create(id: string): Promise<Facts> {
    const { tag } = await this.#atWriter(id).create();
    return { kind: 'token-created', id, tag };
  }

  async drop(id: string): Promise<Facts> {
    const { tag } = await this.#atWriter(id).drop();
    return { kind: 'token-dropped', id, tag };
  }

  /** From now on the server sends nothing about the token; without one, nothing at all. */
  async silence(server: NodeId, token: string | undefined): Promise<Facts> {
    this.forecast.requireFaults(server);
    await this.#cluster.admin(server).silence({ token, phase: undefined, afterMs: 0 });
    const about = token === undefined ? 'sends nothing to anybody' : `sends nothing about token ${shownName(token)}`;
    const lift = ['Unsilence', server, ...(token === undefined ? [] : [shownName(token)])].join(' ');
    return said(`${server} is silent: it ${about}, until ${lift} or its restart.`);
  }

  async unsilence(server: NodeId, token: string | undefined): Promise<Facts> {
    this.forecast.requireFaults(server);
    await this.#cluster.admin(server).unsilence({ token });
    return said(`${server} speaks${token === undefined ? '' : ` about token ${shownName(token)}`} again.`);
  }

  async performance(server: NodeId, recent: number): Promise<PerformanceFacts> {
    const report = await this.#view.performance(server, recent);
    return { server, state: this.#view.state(server), requests: 'operation', report };
  }

  async crash(server: NodeId): Promise<Facts> {
    if (!this.#processes) throw startedElsewhere(server, 'kill');
    this.forecast.requireRunning(server);
    await this.#processes.crash(server);
    return said(
      `${server} is killed (SIGKILL). What it holds is still told by Tokens; RestartServer ${server} starts it again.`,
    );
  }

  async restart(server: NodeId): Promise<Facts> {
    if (!this.#processes) throw startedElsewhere(server, 'start');
    await this.#processes.restart(server);
    const how = !this.#cluster.isLinked(server) ? `, without links until Connect ${server}` : ' and takes part';
    return said(`${server} runs again on its data${how}.`);
  }

  async disconnect(server: NodeId): Promise<Facts> {
    this.forecast.requireRunning(server);
    await this.#cluster.isolate(server);
    await this.#untilLinked(server, []);
    const others = this.servers.filter((other) => other !== server);
    return said(`${server} is cut off from ${others.join(', ')}, until Connect ${server}.`);
  }

  async connect(server: NodeId): Promise<Facts> {
    this.forecast.requireRunning(server);
    await this.#cluster.rejoin(server);
    const connected = this.#cluster.running().filter((other) => this.#cluster.isLinked(other));
    const linked = await this.#untilLinked(server, connected);
    if (linked.length > 0) return said(`${server} is linked to ${linked.join(', ')}.`);
    return said(`${server} is allowed links, but there is no other server that it shares a token with.`);
  }

  /** Waits until a server is linked to those of `others` it shares a register with, and to nobody else; tells them. */
  async #untilLinked(server: NodeId, others: readonly NodeId[]): Promise<NodeId[]> {
    const { board } = this.#cluster;
    const stands = ({ peers }: RegisterReport) => peers.every(({ node, linked }) => linked === others.includes(node));
    await board.until([server], stands, 'link up', patienceMs);
    return board.get(server)!.peers.flatMap(({ node, linked }) => (linked ? [node] : []));
  }

  /** A token that is to be changed. */
  #atWriter(id: string): TokenHandle {
    this.forecast.writerOf(id);
    return this.#cluster.client.token(id);
  }
}
