import { invariant, MemoryNetwork, MemoryStorage, NodeLoop, systemClock, type NodeId } from '@synod/kernel';
import { nodesUpTo } from '@synod/simulator';
import type { PaxosMessage } from '@synod/paxos';
import { ledgerMachine } from '../machine.js';
import type { LedgerOptions } from '../options.js';
import type {
  LedgerCommand,
  LedgerProtocol,
  LedgerResult,
  LedgerStatus,
  TransferCommand,
  TransferOutcome,
} from '../protocol.js';
import type { Transfer } from '../transfer.js';
import { genesis } from '../simulation/simulated-bank.js';

/** A ledger in one process: the shipped loop over memory, in real time. */
export class MemoryBank {
  readonly servers: readonly NodeId[];
  readonly #options: Partial<LedgerOptions>;
  readonly #network = new MemoryNetwork<PaxosMessage<Transfer>>();
  readonly #disks = new Map<NodeId, MemoryStorage>();
  readonly #loops = new Map<NodeId, NodeLoop<LedgerProtocol>>();

  private constructor(servers: number, options: Partial<LedgerOptions>) {
    this.servers = nodesUpTo(servers);
    this.#options = options;
  }

  static async open(servers: number, options: Partial<LedgerOptions> = {}): Promise<MemoryBank> {
    const bank = new MemoryBank(servers, options);
    for (const server of bank.servers) await bank.start(server);
    await bank.until(({ ready, connected }) => ready && connected.length === servers - 1);
    return bank;
  }

  /** Starts a server from what its disk holds. */
  async start(self: NodeId): Promise<void> {
    const storage = this.#disks.get(self) ?? new MemoryStorage();
    this.#disks.set(self, storage);
    const members = this.servers;
    const accounts = members.map((id) => ({ id, home: id, initial: 100n }));
    const definition = ledgerMachine({ self, members, accounts, genesis, random: Math.random, ...this.#options });
    const transport = this.#network.transport(self);
    const onFatal = (error: Error): void => {
      throw error;
    };
    this.#loops.set(
      self,
      await NodeLoop.open<LedgerProtocol>({ self, definition, storage, transport, clock: systemClock, onFatal }),
    );
  }

  /** Ends a server; its disk stays. */
  async stop(server: NodeId): Promise<void> {
    await this.#loops.get(server)?.stop();
    this.#network.leave(server);
    this.#loops.delete(server);
  }

  async close(): Promise<void> {
    for (const server of this.servers) await this.stop(server);
  }

  ask(server: NodeId, command: LedgerCommand): Promise<LedgerResult> {
    return new Promise((resolve) => this.#loops.get(server)!.invoke(command, resolve));
  }

  async transfer(transfer: Transfer, options: Partial<TransferCommand> = {}): Promise<TransferOutcome> {
    const defaults = { type: 'transfer', short: 'queue', durability: 'local', gather: undefined } as const;
    const result = await this.ask(transfer.from, { ...defaults, transfer, ...options });
    invariant(result.type === 'outcome', `transfer ${transfer.id} has an outcome, not ${result.type}`);
    return result.outcome;
  }

  /** Waits until this holds of every server. */
  async until(holds: (status: LedgerStatus) => boolean): Promise<void> {
    for (const server of this.#loops.keys()) {
      for (;;) {
        const result = await this.ask(server, { type: 'status' });
        if (result.type === 'status' && holds(result.status)) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** What each account can spend, as its home knows it. */
  async own(): Promise<Record<NodeId, bigint>> {
    const own: Record<NodeId, bigint> = {};
    for (const account of this.servers) {
      const result = await this.ask(account, { type: 'balance', account });
      if (result.type === 'balance') own[account] = result.balance.spendable;
    }
    return own;
  }
}
