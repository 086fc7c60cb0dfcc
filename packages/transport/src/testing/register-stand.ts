import { randomInt } from 'node:crypto';
import {
  MemoryNetwork,
  MemoryStorage,
  NodeLoop,
  systemClock,
  type Output,
  type NodeId,
  type PerformanceReport,
} from '@synod/kernel';
import {
  registerMachine,
  replicationByPattern,
  type KeyPattern,
  type RegisterCommand,
  type RegisterMessage,
  type RegisterProtocol,
  type RegisterResult,
} from '@synod/register';
import { LoopRegisters, SearchPool, tokenKey, TokenManager, type TokenScheme } from '@synod/tokens';
import { GrpcHost, type GrpcHostOptions } from '../host/grpc-host.js';
import type { NodeBackend, NodeDescription } from '../node/node-backend.js';
import { nodeService } from '../node/node-service.js';
import type { ReportChange } from '../node/report-source.js';
import { CellSizes } from '../register/cell-sizes.js';
import type { RegisterBackend } from '../register/register-backend.js';
import type { RegisterLayout } from '../register/register-layout.js';
import type { RegisterReport } from '../register/register-report.js';
import { registerService, type RegisterServiceOptions } from '../register/register-service.js';
import { tokenService, type TokenServiceOptions } from '../token/token-service.js';

export interface RegisterStandOptions {
  /** Ids of the nodes. */
  readonly nodes: readonly NodeId[];
  readonly registers?: readonly KeyPattern[];
  /** Its nodes are among `nodes`. */
  readonly tokens?: TokenScheme;
  /** Of the services of every node. */
  readonly services?: RegisterServiceOptions & TokenServiceOptions;
}

/**
 * The real registers and tokens of a few nodes in one process: only disks and links are in memory. Each node is served
 * over gRPC on a port of its own. To test clients against: nodes can be cut off, and told to hold their answers back.
 */
export class RegisterStand {
  readonly nodes: readonly StandNode[];
  readonly #network: MemoryNetwork<RegisterMessage>;
  readonly #pool: SearchPool;

  private constructor(nodes: readonly StandNode[], network: MemoryNetwork<RegisterMessage>, pool: SearchPool) {
    this.nodes = nodes;
    this.#network = network;
    this.#pool = pool;
  }

  static async serve(options: RegisterStandOptions): Promise<RegisterStand> {
    const network = new MemoryNetwork<RegisterMessage>();
    const pool = new SearchPool({ threads: 1 });
    const nodes = options.nodes.map((id) => new StandNode(id, options, network, pool, () => addresses()));
    const addresses = (): RegisterLayout['nodes'] => nodes.map(({ id, address }) => ({ id, address }));
    const stand = new RegisterStand(nodes, network, pool);
    await Promise.all(nodes.map((node) => node.serve()));
    return stand;
  }

  node(id: NodeId): StandNode {
    return this.nodes.find((node) => node.id === id)!;
  }

  get addresses(): string[] {
    return this.nodes.map(({ address }) => address);
  }

  /** Cuts one node off from all others, or heals that. */
  isolate(id: NodeId, isolated: boolean): void {
    for (const other of this.nodes) if (other.id !== id) this.#network.setLink(id, other.id, !isolated);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.#pool.close();
  }
}

const noFigures: Omit<PerformanceReport, 'server'> = {
  methods: [],
  requests: { count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, perSecond: 0, recent: [] },
  writes: { count: 0, p50Ms: 0, p99Ms: 0 },
  loopDelayMs: 0,
};

/** One node of a stand. */
export class StandNode implements RegisterBackend, NodeBackend {
  readonly id: NodeId;
  /** Every command of clients and tokens, in order of arrival. */
  readonly commands: RegisterCommand[] = [];
  readonly #options: RegisterStandOptions;
  readonly #addresses: () => RegisterLayout['nodes'];
  readonly #loop: NodeLoop<RegisterProtocol>;
  readonly #tokens: TokenManager | undefined;
  readonly #sizes = new CellSizes();
  readonly #adopted = new Map<string, Set<() => void>>();
  readonly #changes = new Set<(change: ReportChange) => void>();
  #host: GrpcHost | undefined;
  #port = 0;
  #writes = 0;
  #held: (() => void)[] | undefined;

  constructor(
    id: NodeId,
    options: RegisterStandOptions,
    network: MemoryNetwork<RegisterMessage>,
    pool: SearchPool,
    addresses: () => RegisterLayout['nodes'],
  ) {
    this.id = id;
    this.#options = options;
    this.#addresses = addresses;
    const { nodes: members, registers = [], tokens: scheme } = options;
    const byPattern = replicationByPattern(registers);
    const byToken = new Map(scheme?.tokens.map((token) => [tokenKey(token.id), token]));
    const machine = registerMachine({
      self: id,
      members,
      replicaSetOf: (key) => byToken.get(key) ?? byPattern(key),
      random: () => randomInt(2 ** 47) / 2 ** 47,
    });
    const definition = this.#sizes.from(machine);
    const observer = {
      released: ({ persist }: Output<RegisterProtocol>) => {
        this.#writes += persist.length;
        this.#sizes.released({ persist });
        for (const { key } of persist) this.#tell(decodeURIComponent(key.slice(key.lastIndexOf('/') + 1)));
      },
    };
    const onFatal = (error: Error): void => {
      throw error;
    };
    const transport = network.transport(id);
    const storage = new MemoryStorage();
    this.#loop = new NodeLoop({ self: id, definition, storage, transport, clock: systemClock, observer, onFatal });
    const port = new LoopRegisters((command, done) => this.invoke(command, done));
    this.#tokens = scheme && new TokenManager({ self: id, scheme, registers: port, pool });
  }

  /** Where it is, or was, served. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Serves it, again at the same address after `hangUp`. */
  async serve(options: Partial<GrpcHostOptions> = {}): Promise<void> {
    const services = [nodeService(this), registerService(this, this.#options.services)];
    if (this.#tokens) services.push(tokenService({ ...bound(this.#tokens), keyOf: tokenKey }, this.#options.services));
    this.#host = await GrpcHost.listen({ address: this.address, services, ...options });
    this.#port = this.#host.port;
  }

  /** Serves it no more; the node itself goes on. What is under way has `graceMs` to end. */
  async hangUp(graceMs = 1): Promise<void> {
    await this.#host?.close(graceMs);
    this.#host = undefined;
  }

  async stop(): Promise<void> {
    await this.hangUp();
    await this.#loop.stop();
  }

  /** From now on what is asked is done, but the answers wait for `release`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  /** How many answers are held back. */
  get heldAnswers(): number {
    return this.#held?.length ?? 0;
  }

  get layout(): RegisterLayout {
    const { registers = [], tokens } = this.#options;
    return { nodes: this.#addresses(), registers, tokens: tokens?.tokens ?? [] };
  }

  get description(): NodeDescription {
    const services = ['synod.register.v1.RegisterService', ...(this.#tokens ? ['synod.token.v1.TokenService'] : [])];
    return {
      cluster: 'stand',
      server: this.id,
      servers: this.#addresses(),
      services,
      disk: '',
      waits: false,
      since: 0,
    };
  }

  invoke(command: RegisterCommand, done: (result: RegisterResult) => void): void {
    this.commands.push(command);
    this.#loop.invoke(command, (result) => (this.#held ? this.#held.push(() => done(result)) : done(result)));
  }

  sizeOf(key: string): number {
    return this.#sizes.of(key);
  }

  onAdopted(key: string, listener: () => void): () => void {
    const listeners = this.#adopted.get(key) ?? new Set();
    this.#adopted.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onChange(listener: (change: ReportChange) => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  /** How many watches of registers and of the status there are now; those of one register count as one. */
  get watchers(): number {
    return [...this.#adopted.values()].reduce((sum, { size }) => sum + size, this.#changes.size);
  }

  change(change: ReportChange): void {
    for (const listener of this.#changes) listener(change);
  }

  report(): Promise<RegisterReport> {
    return new Promise((resolve) => {
      this.#loop.invoke({ type: 'status' }, (result) => {
        if (result.type !== 'status') throw new Error(result.type);
        const { cells, active, standing, peers } = result.status;
        const recovering = standing !== 'member';
        const ready = !recovering && peers.every(({ knowsThis }) => knowsThis);
        const { loopDelayMs } = noFigures;
        const writes = { ...noFigures.writes, count: this.#writes };
        const performance = { operationsPerSecond: 0, p50Ms: 0, p99Ms: 0, writes, loopDelayMs };
        const named = peers.map(({ node, linked, knowsThis }) => ({ node, linked, knowsThis }));
        resolve({ node: this.id, ready, recovering, cells, active, peers: named, silences: [], performance });
      });
    });
  }

  performance(): PerformanceReport {
    return { server: this.id, ...noFigures };
  }

  onEvent(): () => void {
    return () => undefined;
  }

  onMessage(): () => void {
    return () => undefined;
  }

  events(): readonly never[] {
    return [];
  }

  #tell(key: string): void {
    for (const listener of this.#adopted.get(key) ?? []) listener();
  }
}

function bound(tokens: TokenManager): Pick<TokenManager, 'create' | 'drop' | 'write' | 'read' | 'list'> {
  return {
    create: tokens.create.bind(tokens),
    drop: tokens.drop.bind(tokens),
    write: tokens.write.bind(tokens),
    read: tokens.read.bind(tokens),
    list: tokens.list.bind(tokens),
  };
}
