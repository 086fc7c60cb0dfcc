import type { TokenHandle } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import type { Domain } from '@synod/tokens/vocabulary';
import { shownName } from '../answers/one-line.js';
import { tokenAnswer } from '../answers/token-answers.js';
import type { RegisterReport } from '@synod/transport/client';
import type { LocalRegisters } from '../local-cluster/local-registers.js';
import { RegisterView } from '../local-cluster/register-view.js';
import { askServers } from './ask-servers.js';
import type { Facts, PerformanceFacts } from './facts.js';
import type { RegisterNames } from './known-names.js';
import { hasCrashed, said } from './said.js';
import type { ServerCommands } from './server-commands.js';
import { tokenFacts } from './token-facts.js';

/** How long links may take to come up, or to end. */
const patienceMs = 10_000;

/** Does what the commands of tokens ask, on local register servers. */
export class RegisterOperator implements ServerCommands, RegisterNames {
  readonly #local: LocalRegisters;
  readonly #view: RegisterView;
  readonly #disconnected = new Set<NodeId>();

  constructor(local: LocalRegisters) {
    this.#local = local;
    this.#view = new RegisterView(local, this.#disconnected);
  }

  get servers(): readonly NodeId[] {
    return this.#local.servers;
  }

  get nodes(): RegisterNames['nodes'] {
    return this.#local.config.servers;
  }

  get tokenIds(): readonly string[] {
    return this.#local.config.tokens.map(({ id }) => id);
  }

  /** Every token, and what each replica holds of it by itself. */
  async tokens(): Promise<Facts> {
    const { tokens } = this.#local.config;
    const { answers, silent } = await askServers(this.servers, (server) => this.#view.look(server));
    const looks = new Map(answers.map((look) => [look.server, look]));
    const state = (server: NodeId) => this.#view.state(server);
    return { kind: 'tokens', tokens: tokens.map((token) => tokenFacts(token, looks, state)), silent };
  }

  async read(id: string): Promise<Facts> {
    const { token, tag } = await this.#local.client.token(id).read();
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
    this.#requireRunning(server);
    await this.#local.admin(server).silence({ token, phase: undefined, afterMs: 0 });
    const about = token === undefined ? 'sends nothing to anybody' : `sends nothing about token ${shownName(token)}`;
    const lift = ['Unsilence', server, ...(token === undefined ? [] : [shownName(token)])].join(' ');
    return said(`${server} is silent: it ${about}, until ${lift} or its restart.`);
  }

  async unsilence(server: NodeId, token: string | undefined): Promise<Facts> {
    this.#requireRunning(server);
    await this.#local.admin(server).unsilence({ token });
    return said(`${server} speaks${token === undefined ? '' : ` about token ${shownName(token)}`} again.`);
  }

  async performance(server: NodeId, recent: number): Promise<PerformanceFacts> {
    const report = await this.#view.performance(server, recent);
    return { server, state: this.#view.state(server), requests: 'operation', report };
  }

  async crash(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    await this.#local.crash(server);
    return said(
      `${server} is killed (SIGKILL). What it holds is still told by Tokens; RestartServer ${server} starts it again.`,
    );
  }

  async restart(server: NodeId): Promise<Facts> {
    await this.#local.restart(server);
    const how = this.#disconnected.has(server) ? `, without links until Connect ${server}` : ' and takes part';
    return said(`${server} runs again on its data${how}.`);
  }

  async disconnect(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    this.#disconnected.add(server);
    await this.#local.isolate(server);
    await this.#untilLinked(server, []);
    const others = this.servers.filter((other) => other !== server);
    return said(`${server} is cut off from ${others.join(', ')}, until Connect ${server}.`);
  }

  async connect(server: NodeId): Promise<Facts> {
    this.#requireRunning(server);
    this.#disconnected.delete(server);
    await this.#local.rejoin(server);
    const connected = this.#local.running().filter((other) => !this.#disconnected.has(other));
    const linked = await this.#untilLinked(server, connected);
    if (linked.length > 0) return said(`${server} is linked to ${linked.join(', ')}.`);
    return said(`${server} is allowed links, but there is no other server that it shares a token with.`);
  }

  /** Waits until a server is linked to those of `others` it shares a register with, and to nobody else; tells them. */
  async #untilLinked(server: NodeId, others: readonly NodeId[]): Promise<NodeId[]> {
    const { board } = this.#local;
    const stands = ({ peers }: RegisterReport) => peers.every(({ node, linked }) => linked === others.includes(node));
    await board.until([server], stands, 'link up', patienceMs);
    return board.get(server)!.peers.flatMap(({ node, linked }) => (linked ? [node] : []));
  }

  #requireRunning(server: NodeId): void {
    if (!this.#local.isRunning(server)) throw hasCrashed(server);
  }

  /** A token that is to be changed. That its writer has crashed is known here; the client would go on looking for it. */
  #atWriter(id: string): TokenHandle {
    const writer = this.#local.config.tokens.find((token) => token.id === id)?.writer;
    if (writer !== undefined && !this.#local.isRunning(writer)) {
      throw new SynodError(
        'unavailable',
        `only ${writer} changes token ${shownName(id)}: ${hasCrashed(writer).message}`,
      );
    }
    return this.#local.client.token(id);
  }
}
