import { SynodError, type NodeId, type PerformanceReport } from '@synod/kernel';
import type { Cell } from '@synod/register';
import { tokenKey } from '@synod/tokens';
import type { RegisterReport, SilenceReport } from '@synod/transport/client';
import type { ServerState } from './ledger-view.js';
import type { LocalRegisters } from './local-registers.js';
import { offlineCells } from './offline-registers.js';

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

/** Looks at any register server: alive through its services, dead through its data directory. */
export class RegisterView {
  readonly #local: LocalRegisters;
  readonly #disconnected: ReadonlySet<NodeId>;

  /** `disconnected`: servers whose links are cut. */
  constructor(local: LocalRegisters, disconnected: ReadonlySet<NodeId>) {
    this.#local = local;
    this.#disconnected = disconnected;
  }

  state(server: NodeId): ServerState {
    if (!this.#local.isRunning(server)) return 'crashed';
    return this.#disconnected.has(server) ? 'disconnected' : 'up';
  }

  /** Rejects with `SynodError` if it does not answer, or has no store. */
  async look(server: NodeId): Promise<RegisterLook> {
    const { config } = this.#local;
    const keys = config.tokens.filter(({ replicas }) => replicas.includes(server)).map(({ id }) => tokenKey(id));
    if (!this.#local.isRunning(server)) {
      const cells = await offlineCells(config, server, this.#local.directoryOf(server), keys);
      return { server, silences: [], cells };
    }
    const { registers } = this.#local.connection(server);
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
    if (!this.#local.isRunning(server)) return undefined;
    await this.#probe(server);
    return this.#local.connection(server).node.performance({ recent });
  }

  /** Rejects with `SynodError` in short time if the server runs, but does not answer: a process that is stopped, say. */
  async #probe(server: NodeId): Promise<RegisterReport> {
    try {
      return await this.#local.connection(server).registers.status({ timeoutMs: patienceMs });
    } catch (error) {
      throw new SynodError('unavailable', `${server} runs, but does not answer`, { cause: error });
    }
  }
}

/** A silence in one phase leaves what belongs to neither. */
function hides({ key: about, phase, active }: SilenceReport, key: string): boolean {
  return active && phase === undefined && (about === undefined || about === key);
}
