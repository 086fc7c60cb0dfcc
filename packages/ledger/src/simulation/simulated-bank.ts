import { invariant, SynodError, type NodeId } from '@synod/kernel';
import { paxosKeys } from '@synod/paxos';
import { nodesUpTo, Simulation, type SimulationOptions } from '@synod/simulator';
import type { Account } from '../accounts.js';
import { LedgerAudit, type Holdings } from '../ledger-audit.js';
import { ledgerMachine } from '../machine.js';
import type { LedgerOptions } from '../options.js';
import type { LedgerCommand, LedgerProtocol, LedgerResult, LedgerStatus } from '../protocol.js';
import type { AccountId } from '../transfer.js';

type Result<T extends LedgerResult['type']> = Extract<LedgerResult, { type: T }>;

export interface BankOptions
  extends
    Pick<SimulationOptions<LedgerProtocol>, 'network' | 'disk' | 'probe'>,
    Partial<Pick<LedgerOptions, 'queueRounds' | 'window' | 'timing' | 'limits'>> {
  readonly seed?: number;
  /** Default: S1 to S5. */
  readonly servers?: readonly NodeId[];
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
  /** How often each server has started. */
  readonly lives = new Map<NodeId, number>();
  /** Of the disk that each server started with. */
  readonly #identities = new Map<NodeId, string | undefined>();

  constructor({ seed = 1, servers = nodesUpTo(5), accounts, network, disk, probe, ...ledger }: BankOptions = {}) {
    this.servers = servers;
    this.accounts = accounts ?? this.servers.map((id) => ({ id, home: id, initial: 100n }));
    this.audit = new LedgerAudit(this.accounts);
    this.simulation = new Simulation<LedgerProtocol>({
      seed,
      nodes: this.servers,
      network,
      disk,
      probe,
      definition: (self, random) => {
        this.lives.set(self, (this.lives.get(self) ?? 0) + 1);
        return ledgerMachine({ ...ledger, self, members: this.servers, accounts: this.accounts, genesis, random });
      },
      observer: (server) => ({
        stepped: (_input, { persist }) => {
          if (this.isLost(server)) return;
          for (const { value } of persist) {
            if (value?.kind === 'block') this.audit.committed(server, value.block);
            else if (value?.kind === 'head') this.audit.stands(server, value.height, value.hash);
          }
        },
        released: ({ persist }) => {
          if (this.isLost(server)) return;
          for (const { value } of persist) if (value?.kind === 'entry') this.audit.logged(value.entry);
        },
      }),
      expected: (error, server) =>
        error instanceof SynodError && /^disk_(lost|cut)$/.test(error.code) && this.isLost(server),
      check: () => invariant(this.audit.problems.length === 0, this.audit.problems.join('\n')),
    });
    this.simulation.start();
    while (!this.#states().every(({ ready }) => ready)) this.simulation.run({ for: 50 });
    for (const server of servers) this.#identities.set(server, this.#identity(server));
  }

  /** Its first disk is gone, unreadable or has forgotten: it serves no more, and what stood there alone is lost. */
  isLost(server: NodeId): boolean {
    const { damaged, cut } = this.simulation.disk(server);
    return damaged || cut || (this.#identities.has(server) && this.#identity(server) !== this.#identities.get(server));
  }

  /** Those that still have their disk. */
  get surviving(): readonly NodeId[] {
    return this.servers.filter((server) => !this.isLost(server));
  }

  home(account: AccountId): NodeId {
    const home = this.accounts.find(({ id }) => id === account)?.home;
    invariant(home !== undefined, `${account} is an account`);
    return home;
  }

  /** What a server answers. Lets time pass. */
  ask<T extends LedgerResult['type']>(server: NodeId, command: LedgerCommand, type: T, within = 10_000): Result<T> {
    let answer: LedgerResult | undefined;
    this.simulation.invoke(server, command, (result) => (answer = result));
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

  #identity(server: NodeId): string | undefined {
    return this.simulation.durable(server).get(paxosKeys.identity)?.toString();
  }

  #states(): LedgerStatus[] {
    return this.surviving.map((server) => this.ask(server, { type: 'status' }, 'status').status);
  }
}
