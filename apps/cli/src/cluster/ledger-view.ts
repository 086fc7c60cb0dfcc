import { SynodError, type NodeId, type PerformanceReport } from '@synod/kernel';
import type { BalanceMap, LedgerBlock, LedgerCommand, LedgerResult, LocalLog } from '@synod/ledger';
import type { InitialBalance, LedgerCluster } from './ledger-cluster.js';
import { outOfReach } from './out-of-reach.js';

/** How a server stands: answers are marked with it. */
export type ServerState = 'up' | 'disconnected' | 'crashed';

/** How long a server may take to show that it is alive. */
const probeMs = 2000;

/** Looks at any server's ledger: alive through its client service, dead through its data directory if it is here. */
export class LedgerView {
  readonly #cluster: LedgerCluster;

  constructor(cluster: LedgerCluster) {
    this.#cluster = cluster;
  }

  get servers(): readonly NodeId[] {
    return this.#cluster.servers;
  }

  initialBalances(): Promise<readonly InitialBalance[]> {
    return this.#cluster.initialBalances();
  }

  state(server: NodeId): ServerState {
    if (!this.#cluster.isRunning(server)) return 'crashed';
    return this.#cluster.isLinked(server) || this.servers.length === 1 ? 'up' : 'disconnected';
  }

  /**
   * Rejects with `SynodError` in short time if the server runs, but does not answer (a process that is stopped, say), or
   * if nothing can be told of it.
   */
  async probe(server: NodeId): Promise<void> {
    if (!this.#cluster.isRunning(server)) {
      if (!this.#cluster.askOffline) throw outOfReach(server);
      return;
    }
    try {
      await this.#cluster.ledger.status(server, { timeoutMs: probeMs });
    } catch (error) {
      throw new SynodError('unavailable', `${server} runs, but does not answer`, { cause: error });
    }
  }

  /** The last `recent` transfers one by one; undefined if it does not run: figures are not kept on disk. */
  async performance(server: NodeId, recent: number): Promise<PerformanceReport | undefined> {
    await this.probe(server);
    return this.#cluster.isRunning(server) ? this.#cluster.client.performance(server, { recent }) : undefined;
  }

  async height(server: NodeId): Promise<number> {
    return (await this.balanceMap(server)).height;
  }

  async balanceMap(server: NodeId): Promise<BalanceMap> {
    if (this.#cluster.isRunning(server)) return this.#cluster.ledger.balanceMap(server);
    return expectResult(await this.#offline(server, { type: 'balance-map' }), 'balance-map').map;
  }

  async log(server: NodeId, after = 0): Promise<LocalLog> {
    if (this.#cluster.isRunning(server)) return this.#cluster.ledger.log(server, { after });
    return expectResult(await this.#offline(server, { type: 'log', after }), 'log').log;
  }

  /** In order of height, but for those that the server has skipped and not filled in yet. */
  async *blocks(server: NodeId, from = 1): AsyncIterable<LedgerBlock> {
    if (this.#cluster.isRunning(server)) {
      yield* this.#cluster.ledger.blocks(server, { from });
      return;
    }
    for (let next = from; ;) {
      const { blocks, height } = expectResult(
        await this.#offline(server, { type: 'blocks', from: next, limit: Number.MAX_SAFE_INTEGER }),
        'blocks',
      );
      yield* blocks;
      next = (blocks.at(-1)?.height ?? height) + 1;
      if (next > height) return;
    }
  }

  async #offline(server: NodeId, command: LedgerCommand): Promise<LedgerResult> {
    if (!this.#cluster.askOffline) throw outOfReach(server);
    return this.#cluster.askOffline(server, command);
  }
}

function expectResult<K extends LedgerResult['type']>(
  result: LedgerResult,
  type: K,
): Extract<LedgerResult, { type: K }> {
  if (result.type === 'error') throw result.error;
  if (result.type !== type) throw new SynodError('internal', `asked for ${type}, got ${result.type}`);
  return result as Extract<LedgerResult, { type: K }>;
}
