import { invariant, quorumSize, SynodError, type NodeId, type Random } from '@synod/kernel';
import { noBallot, paxosKeys } from '@synod/paxos';
import { ledgerRecordCodec, type LedgerRecord } from '../records.js';
import { nodesUpTo, Simulation, type SimulationOptions } from '@synod/simulator';
import type { Account } from '../accounts.js';
import { LedgerAudit, type Holdings } from '../ledger-audit.js';
import { ledgerMachine } from '../machine.js';
import type { LedgerOptions } from '../options.js';
import type { LedgerBlock, LedgerCommand, LedgerProtocol, LedgerResult, LedgerStatus } from '../protocol.js';
import type { AccountId } from '../transfer.js';

type Result<T extends LedgerResult['type']> = Extract<LedgerResult, { type: T }>;

export interface BankOptions
  extends
    Pick<SimulationOptions<LedgerProtocol>, 'network' | 'disk' | 'probe'>,
    Partial<Pick<LedgerOptions, 'queueRounds' | 'window' | 'timing' | 'limits'>> {
  readonly seed?: number;
  /** Default: S1 to S5. */
  readonly servers?: readonly NodeId[];
  /** Who is going to be replaced, in that order: each has a node that waits for it. */
  readonly replacements?: readonly NodeId[];
  /** Default: one account of 100 per server, of its name. */
  readonly accounts?: readonly Account[];
}

export const genesis = '0'.repeat(64);

/** A simulated ledger under the eyes of an audit: the first event that breaks what is always true ends the run. */
export class SimulatedBank {
  readonly servers: readonly NodeId[];
  readonly accounts: readonly Account[];
  readonly simulation: Simulation<LedgerProtocol>;
  readonly audit: LedgerAudit;
  /** How often each node has started. */
  readonly lives = new Map<NodeId, number>();
  /** Told when a block first says that a server is another. */
  onReplaced: (server: NodeId) => void = () => {};
  /** Of the disk that each node started with. */
  readonly #identities = new Map<NodeId, string | undefined>();
  /** Which node bears each name, as the longest chain says. */
  readonly #current = new Map<NodeId, NodeId>();
  readonly #spares: ReadonlyMap<NodeId, NodeId>;
  readonly #replacing = new Map<NodeId, NodeId>();
  readonly #random: Random;

  constructor({
    seed = 1,
    servers = nodesUpTo(5),
    replacements = [],
    accounts,
    network,
    disk,
    probe,
    ...ledger
  }: BankOptions = {}) {
    this.#spares = new Map(replacements.map((server, i) => [`${server}+${i + 1}`, server]));
    this.servers = servers;
    this.accounts = accounts ?? this.servers.map((id) => ({ id, home: id, initial: 100n }));
    this.audit = new LedgerAudit(this.accounts);
    this.simulation = new Simulation<LedgerProtocol>({
      seed,
      nodes: this.servers,
      spares: this.#spares,
      network,
      disk,
      probe,
      definition: (node, random) => {
        this.lives.set(node, (this.lives.get(node) ?? 0) + 1);
        return ledgerMachine({
          ...ledger,
          self: this.#nameOf(node),
          members: this.servers,
          accounts: this.accounts,
          genesis,
          random,
          replacement: this.#spares.has(node),
          onMember: (server, { address }) => this.simulation.direct(node, server, address),
        });
      },
      observer: (node) => ({
        stepped: (_input, { persist }) => {
          if (this.#isWorthless(node)) return;
          for (const { value } of persist) {
            if (value?.kind === 'block') this.#committed(node, value.block);
            else if (value?.kind === 'head') this.audit.stands(this.#nameOf(node), value.height, value.hash);
          }
        },
        released: ({ persist }) => {
          if (this.#isWorthless(node) || this.nodeOf(this.#nameOf(node)) !== node) return; // what it writes now is lost
          for (const { value } of persist) if (value?.kind === 'entry') this.audit.logged(value.entry);
        },
      }),
      expected: (error, node) => error instanceof SynodError && this.#mayEnd(node, error.code),
      former: (_node, from) => this.#farewell(from),
      check: () => invariant(this.audit.problems.length === 0, this.audit.problems.join('\n')),
    });
    this.#random = this.simulation.random('farewell');
    this.simulation.start();
    while (!this.#states().every(({ ready }) => ready)) this.simulation.run({ for: 50 });
    for (const server of servers) this.#identities.set(server, this.#disk(server));
  }

  /** Its disk is gone, unreadable or has forgotten: it serves no more, and what stood there alone is lost. */
  isLost(server: NodeId): boolean {
    return this.#isWorthless(this.nodeOf(server));
  }

  #isWorthless(node: NodeId): boolean {
    const { damaged, cut } = this.simulation.disk(node);
    return damaged || cut || (this.#identities.has(node) && this.#disk(node) !== this.#identities.get(node));
  }

  /** Those that still have their disk. */
  get surviving(): readonly NodeId[] {
    return this.servers.filter((server) => !this.isLost(server));
  }

  /** Those of them that nobody is replacing, and that take part: a replacement counts from when it has its block. */
  get firm(): readonly NodeId[] {
    return this.surviving.filter((server) => {
      const node = this.nodeOf(server);
      return (
        !this.#replacing.has(server) && (!this.#spares.has(node) || this.#ownDisk(node)?.standing === 'established')
      );
    });
  }

  /** The node that is the server, as the chain says. */
  nodeOf(server: NodeId): NodeId {
    return this.#current.get(server) ?? server;
  }

  isUp(server: NodeId): boolean {
    return this.simulation.isUp(this.nodeOf(server));
  }

  /**
   * Begins to replace a server by the next node that waits for it: `dead`, or only cut off. `done` when a server says
   * that it happened. Returns whether it could begin.
   */
  replace(server: NodeId, how: { readonly cutOff: boolean; readonly rebootMs: number }, done: () => void): boolean {
    const { simulation } = this;
    const next = [...this.#spares].find(([node, name]) => name === server && !this.lives.has(node))?.[0];
    const others = this.firm.filter((other) => other !== server);
    if (next === undefined || this.#replacing.has(server) || others.length < quorumSize(this.servers.length))
      return false;
    const old = this.nodeOf(server);
    if (how.cutOff) this.#cutOff(old);
    else if (simulation.isUp(old)) this.#crash(old, Number.POSITIVE_INFINITY);
    this.#replacing.set(server, next);
    simulation.restart(next);
    simulation.after(how.rebootMs, () => {
      if (!simulation.isUp(next)) return;
      this.#crash(next, how.rebootMs);
      simulation.after(how.rebootMs, () => simulation.isCrashed(next) && simulation.restart(next));
    });
    this.#ask(server, next, done);
    return true;
  }

  /** Nobody is being replaced any more. */
  get allReplaced(): boolean {
    return this.#replacing.size === 0;
  }

  #crash(node: NodeId, forMs: number): void {
    this.simulation.recordFault({ kind: 'crash', node, forMs });
    this.simulation.crash(node);
  }

  #cutOff(node: NodeId): void {
    const { simulation } = this;
    const others = simulation.nodes.filter((other) => other !== node);
    simulation.recordFault({ kind: 'partition', groups: [[node], others], forMs: Number.POSITIVE_INFINITY });
    for (const other of others) {
      simulation.cut(node, other);
      simulation.cut(other, node);
    }
  }

  /** As an operator does: asks one server after the other, again and again. */
  #ask(server: NodeId, next: NodeId, done: () => void, turn = 0): void {
    const { simulation } = this;
    const disk = this.#disk(next);
    const asked = this.servers.filter((other) => other !== server);
    const node = this.nodeOf(asked[turn % asked.length]!);
    simulation.after(1000, () => this.#replacing.get(server) === next && this.#ask(server, next, done, turn + 1));
    if (disk === undefined || !simulation.isUp(node)) return;
    this.#identities.set(next, this.#disk(next));
    simulation.invoke(node, { type: 'replace', change: { server, disk, address: next } }, (result) => {
      if (result.type !== 'replaced' || this.#replacing.get(server) !== next) return;
      invariant(this.nodeOf(server) === next, `${server} is replaced when it is said so`);
      this.#replacing.delete(server);
      done();
    });
  }

  #committed(node: NodeId, block: LedgerBlock): void {
    const isNew = block.height > this.audit.chain.length;
    this.audit.committed(this.#nameOf(node), block);
    if (!block.change || !isNew) return;
    this.#current.set(block.change.server, block.change.address);
    this.onReplaced(block.change.server);
  }

  #mayEnd(node: NodeId, code: string): boolean {
    const server = this.#nameOf(node);
    const isCurrent = this.nodeOf(server) === node;
    const isOver = code === 'disk_lost' || code === 'disk_cut';
    return isCurrent ? isOver && this.isLost(server) : isOver || code === 'replaced';
  }

  /** The name is another's: told by who refuses the disk, or by the block itself. Who still waits is not told so. */
  #farewell(node: NodeId): LedgerProtocol['message'] | undefined {
    const server = this.#nameOf(node);
    const { chain } = this.audit;
    const changes = chain.filter((block) => block.change?.server === server);
    const isFormer = node === server || changes.some(({ change }) => change!.address === node);
    const last = changes.at(-1);
    if (!isFormer || !last?.change || last.change.address === node) return undefined;
    if (this.#random() < 0.5) {
      return { type: 'acquainted', ballot: noBallot, height: last.height, identity: last.change.disk };
    }
    return { type: 'blocks', ballot: noBallot, height: chain.length, blocks: chain.slice(-50) };
  }

  #nameOf(node: NodeId): NodeId {
    return this.#spares.get(node) ?? node;
  }

  #disk(node: NodeId): string | undefined {
    return this.#ownDisk(node)?.identity;
  }

  #ownDisk(node: NodeId): Extract<LedgerRecord, { kind: 'identity' }> | undefined {
    const bytes = this.simulation.durable(node).get(paxosKeys.identity);
    const record = bytes && ledgerRecordCodec.decode(paxosKeys.identity, bytes);
    return record?.kind === 'identity' ? record : undefined;
  }

  home(account: AccountId): NodeId {
    const home = this.accounts.find(({ id }) => id === account)?.home;
    invariant(home !== undefined, `${account} is an account`);
    return home;
  }

  /** What a server answers. Lets time pass. */
  ask<T extends LedgerResult['type']>(server: NodeId, command: LedgerCommand, type: T, within = 10_000): Result<T> {
    let answer: LedgerResult | undefined;
    this.simulation.invoke(this.nodeOf(server), command, (result) => (answer = result));
    this.simulation.runUntil(() => answer !== undefined, {
      within,
      goal: `the answer of ${server} to ${command.type}`,
    });
    invariant(answer?.type === type, `${server} answers ${command.type} with ${type}, not ${answer?.type}`);
    return answer as Result<T>;
  }

  /** What a server holds. Lets time pass. */
  holdings(server: NodeId): Holdings {
    const { log } = this.ask(server, { type: 'log' }, 'log');
    const { map } = this.ask(server, { type: 'balance-map' }, 'balance-map');
    invariant(log.height === map.height, `${server} is quiet`);
    return {
      height: log.height,
      log: log.entries,
      balances: new Map(map.balances.map(({ account, spendable }) => [account, spendable])),
    };
  }

  /** Waits until all surviving servers stand at one height with one hash, and no queue's head would be covered by all that is executed. */
  settle(within: number): void {
    const end = this.simulation.now + within;
    while (!this.#isSettled()) {
      invariant(this.simulation.now < end, `settled within ${within} ms`);
      this.simulation.run({ for: 1000 });
    }
    const holdings = (server: NodeId): Holdings | undefined =>
      this.isLost(server) ? undefined : this.holdings(server);
    for (const server of this.surviving) this.#checkBlocks(server);
    this.audit.ended(new Map(this.servers.map((server) => [server, holdings(server)])));
    invariant(this.audit.problems.length === 0, this.audit.problems.join('\n'));
  }

  #isSettled(): boolean {
    const states = this.#states();
    if (new Set(states.map(({ height, hash }) => `${height} ${hash}`)).size > 1) return false;
    if (states.some(({ undecided, round, missing }) => (undecided > 0 || round) ?? missing)) return false;
    const logs = this.surviving.map((server) => this.ask(server, { type: 'log' }, 'log').log);
    const balances = new Map(this.accounts.map(({ id, initial }) => [id, initial]));
    const executed = [...this.audit.chain, ...logs].flatMap(({ entries }) => entries);
    for (const { value } of executed) {
      balances.set(value.from, balances.get(value.from)! - value.amount);
      balances.set(value.to, balances.get(value.to)! + value.amount);
    }
    const heads = new Map(logs.flatMap(({ pending }) => pending.toReversed()).map((head) => [head.from, head]));
    return [...heads.values()].every(({ from, amount }) => balances.get(from)! < amount);
  }

  /** The whole chain can be read: skipped blocks are filled in. */
  #checkBlocks(server: NodeId): void {
    const { chain } = this.audit;
    for (let next = 1; next <= chain.length;) {
      const { blocks } = this.ask(server, { type: 'blocks', from: next, limit: chain.length }, 'blocks');
      invariant(blocks[0]?.height === next, `${server} holds block ${next}`);
      for (const block of blocks) this.audit.committed(server, block);
      next += blocks.length;
    }
  }

  #states(): LedgerStatus[] {
    return this.surviving.map((server) => this.ask(server, { type: 'status' }, 'status').status);
  }
}
