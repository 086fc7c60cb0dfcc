import type { NodeId } from '@synod/kernel';
import type { Failpoint } from '@synod/transport/client';
import { pause } from '../record/pause.js';

export interface SnaresOptions {
  readonly isUp: (server: NodeId) => boolean;
  /** Resolves when the server knows, or is down. */
  readonly arm: (server: NodeId, failpoint: Failpoint) => Promise<void>;
  /** Resolves when the server that was caught runs again. */
  readonly relaunched: (server: NodeId) => Promise<void>;
}

/** One server is to die at one failpoint. */
interface Snare {
  readonly name: string;
  readonly over: (caught: boolean) => void;
}

/** For how long a server may be on its way back from a lost disk before it is no longer waited for at a failpoint, ms. */
const recoveryMs = 15_000;
const never = new AbortController().signal;

/** Failpoints at which servers are told to die, at most one of each server at a time, and who did. */
export class Snares {
  /** How often servers died at each failpoint. */
  readonly hits = new Map<string, number>();
  /** Those that are reached only where a disk was lost: at the server itself, and of type `copy` at its peers. */
  ofRecovery: readonly string[] = [];
  /** Is told of each server that died. */
  onCaught: (server: NodeId, name: string) => void = () => {};
  readonly #options: SnaresOptions;
  readonly #set = new Map<NodeId, Snare>();
  #recoveries = 0;

  constructor(options: SnaresOptions) {
    this.#options = options;
  }

  /** Whether a server runs, and is to die nowhere yet. */
  isFree(server: NodeId): boolean {
    return this.#options.isUp(server) && !this.#set.has(server);
  }

  /** Waits until a free server dies at a failpoint, and is up again: true. False if it did not in time. */
  async set(server: NodeId, name: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
    const caught = this.#waitFor(server, name, withinMs, signal);
    await this.#options.arm(server, { name, action: 'kill', hits: 1 });
    return caught;
  }

  /** The server ended by SIGKILL. Returns whether it was told to. */
  caught(server: NodeId): boolean {
    const snare = this.#set.get(server);
    if (!snare) return false;
    this.hits.set(snare.name, (this.hits.get(snare.name) ?? 0) + 1);
    this.onCaught(server, snare.name);
    this.#end(server, true);
    return true;
  }

  /** The server was killed otherwise: it starts without. */
  gone(server: NodeId): void {
    this.#end(server, false);
  }

  /** The flags of a server that starts on an empty disk, each time for another failpoint. */
  flagsOfRecovery(server: NodeId, peers: readonly NodeId[]): string[] {
    const name = this.ofRecovery[this.#recoveries++ % this.ofRecovery.length];
    if (name === undefined) return [];
    if (!name.startsWith('copy:')) {
      void this.#waitFor(server, name, recoveryMs, never);
      return ['--failpoint', name];
    }
    for (const peer of peers) if (this.isFree(peer)) void this.set(peer, name, recoveryMs, never).catch(() => {});
    return [];
  }

  async #waitFor(server: NodeId, name: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    let isCaught = false;
    this.#set.set(server, {
      name,
      over: (caught) => {
        isCaught = caught;
        over.abort();
      },
    });
    await pause(withinMs, AbortSignal.any([signal, over.signal]));
    if (!over.signal.aborted) {
      await this.#options.arm(server, { name, action: 'off', hits: 0 });
      this.#end(server, false);
    }
    if (isCaught) await this.#options.relaunched(server);
    return isCaught;
  }

  #end(server: NodeId, caught: boolean): void {
    const snare = this.#set.get(server);
    this.#set.delete(server);
    snare?.over(caught);
  }
}
