import { SynodError, type NodeId, type PerformanceReport } from '@synod/kernel';
import type { Cell } from '@synod/register';
import { tokenKey } from '@synod/tokens';
import type { RegisterReport, SilenceReport } from '@synod/transport/client';
import type { ServerState } from './ledger-view.js';
import { outOfReach } from './out-of-reach.js';
import type { RegisterCluster } from './register-cluster.js';

/** How long a server may take to tell what it holds. */
const patienceMs = 2000;

/** What one server tells of itself. */
export interface RegisterLook {
  readonly server: NodeId;
  /** None of a server that does not run: it begins its next life without. */
  readonly silences: readonly SilenceReport[];
  /** Its cells of the tokens it holds, undefined if empty, by key. One that it does not tell is not among them. */
  readonly cells: ReadonlyMap<string, Cell | undefined>;
}

/** Looks at any register server: alive through its services, dead through its data directory if it is here. */
export class RegisterView {
  readonly #cluster: RegisterCluster;

  constructor(cluster: RegisterCluster) {
    this.#cluster = cluster;
  }

  state(server: NodeId): ServerState {
    if (!this.#cluster.isRunning(server)) return 'crashed';
    return this.#cluster.isLinked(server) ? 'up' : 'disconnected';
  }

  /** Rejects with `SynodError` if it does not answer, or has no store. */
  async look(server: NodeId): Promise<RegisterLook> {
    const { tokens } = this.#cluster.layout;
    const keys = tokens.filter(({ replicas }) => replicas.includes(server)).map(({ id }) => tokenKey(id));
    if (!this.#cluster.isRunning(server)) {
      if (!this.#cluster.offlineCells) throw outOfReach(server);
      const cells = await this.#cluster.offlineCells(server, keys);
      return { server, silences: [], cells };
    }
    const { registers } = this.#cluster.connection(server);
    const { silences } = await this.#probe(server);
    const told = await Promise.all(
      keys
        .filter((key) => !silences.some((silence) => hides(silence, key)))
        .map(async (key) => [key, await registers.inspect(key, { timeoutMs: patienceMs })] as const),
    );
    return { server, silences, cells: new Map(told) };
  }

  /** The last `recent` operations one by one; undefined if it does not run: figures are not kept on disk. */
  async performance(server: NodeId, recent: number): Promise<PerformanceReport | undefined> {
    if (!this.#cluster.isRunning(server)) {
      if (!this.#cluster.offlineCells) throw outOfReach(server);
      return undefined;
    }
    await this.#probe(server);
    return this.#cluster.connection(server).node.performance({ recent });
  }

  /** Rejects with `SynodError` in short time if the server runs, but does not answer: a process that is stopped, say. */
  async #probe(server: NodeId): Promise<RegisterReport> {
    try {
      return await this.#cluster.connection(server).registers.status({ timeoutMs: patienceMs });
    } catch (error) {
      throw new SynodError('unavailable', `${server} runs, but does not answer`, { cause: error });
    }
  }
}

/** A silence in one phase leaves what belongs to neither. */
function hides({ key: about, phase, active }: SilenceReport, key: string): boolean {
  return active && phase === undefined && (about === undefined || about === key);
}
