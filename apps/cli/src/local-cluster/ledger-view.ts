import type { Cluster } from '@synod/cluster';
import { SynodError, type NodeId } from '@synod/kernel';
import type { BalanceMap, LedgerBlock, LedgerCommand, LedgerResult, LocalLog } from '@synod/ledger';
import type { LocalCluster } from './local-cluster.js';
import { askOfflineLedger } from './offline-ledger.js';

/** How a server stands: answers are marked with it. */
export type ServerState = 'up' | 'disconnected' | 'crashed';

/** How long a server may take to show that it is alive. */
const probeMs = 2000;

/** Looks at any server's ledger: alive through its client service, dead through its data directory. */
export class LedgerView {
  readonly #local: LocalCluster;

  constructor(local: LocalCluster) {
    this.#local = local;
  }

  get servers(): readonly NodeId[] {
    return this.#local.servers;
  }

  get cluster(): Cluster {
    return this.#local.cluster;
  }

  state(server: NodeId): ServerState {
    if (!this.#local.isRunning(server)) return 'crashed';
    return this.#local.isLinked(server) || this.servers.length === 1 ? 'up' : 'disconnected';
  }

  /** Rejects with `SynodError` in short time if the server runs, but does not answer: a process that is stopped, say. */
  async probe(server: NodeId): Promise<void> {
    if (!this.#local.isRunning(server)) return;
    try {
      await this.#local.ledger.status(server, { timeoutMs: probeMs });
    } catch (error) {
      throw new SynodError('unavailable', `${server} runs, but does not answer`, { cause: error });
    }
  }

  async height(server: NodeId): Promise<number> {
    return (await this.balanceMap(server)).height;
  }

  async balanceMap(server: NodeId): Promise<BalanceMap> {
    if (this.#local.isRunning(server)) return this.#local.ledger.balanceMap(server);
    return expectResult(await this.#offline(server, { type: 'balance-map' }), 'balance-map').map;
  }

  async log(server: NodeId, after = 0): Promise<LocalLog> {
    if (this.#local.isRunning(server)) return this.#local.ledger.log(server, { after });
    return expectResult(await this.#offline(server, { type: 'log', after }), 'log').log;
  }

  async *blocks(server: NodeId, from = 1): AsyncIterable<LedgerBlock> {
    if (this.#local.isRunning(server)) {
      yield* this.#local.ledger.blocks(server, { from });
      return;
    }
    for (let next = from; ;) {
      const { blocks, height } = expectResult(
        await this.#offline(server, { type: 'blocks', from: next, limit: Number.MAX_SAFE_INTEGER }),
        'blocks',
      );
      yield* blocks;
      next += blocks.length;
      if (next > height) return;
    }
  }

  #offline(server: NodeId, command: LedgerCommand): Promise<LedgerResult> {
    return askOfflineLedger(this.#local.cluster, server, this.#local.directoryOf(server), command);
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
