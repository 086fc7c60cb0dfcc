import type { NodeId } from '@synod/kernel';
import type { Failpoint } from '@synod/transport/client';
import { pause } from '../record/pause.js';

export interface SnaresOptions {
  readonly isUp: (server: NodeId) => boolean;
  /** Resolves with whether the server knows; not if it is down, or stands still. */
  readonly arm: (server: NodeId, failpoint: Failpoint) => Promise<boolean>;
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
/** How soon a server is told again, ms. */
const againMs = 100;
const never = new AbortController().signal;

/** Failpoints at which servers are told to die, at most one of each server at a time, and who did. */
export class Snares {
  /** How often servers died at each failpoint. */
  readonly hits = new Map<string, number>();
  /** Failpoints that are reached only where a disk was lost: at the server that lost it, and at those it copies from. */
  ofRecovery: { readonly atServer: readonly string[]; readonly atPeers: readonly string[] } = {
    atServer: [],
    atPeers: [],
  };
  /** Is told of each server that died. */
  onCaught: (server: NodeId, name: string) => void = () => {};
  readonly #options: SnaresOptions;
  readonly #set = new Map<NodeId, Snare>();
  /** How often each failpoint of a recovery was tried. */
  readonly #tries = new Map<string, number>();

  constructor(options: SnaresOptions) {
    this.#options = options;
  }

  /** Whether a server runs, and is to die nowhere yet. */
  isFree(server: NodeId): boolean {
    return this.#options.isUp(server) && !this.#set.has(server);
  }

  /** Waits until a free server dies at a failpoint, and is up again: true. False if it did not in time. */
  async set(server: NodeId, name: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
    const over = this.#waitFor(server, name, withinMs, signal);
    await this.#options.arm(server, { name, action: 'kill', hits: 1 });
    return over;
  }

  /** The server ended by SIGKILL. Returns whether it was told to. */
  caught(server: NodeId): boolean {
    const snare = this.#set.get(server);
    if (!snare) return false;
    this.hits.set(snare.name, (this.hits.get(snare.name) ?? 0) + 1);
    this.onCaught(server, snare.name);
    this.#end(server, snare, true);
    return true;
  }

  /** The server was killed otherwise: it starts without. */
  gone(server: NodeId): void {
    this.#end(server, this.#set.get(server), false);
  }

  /** Nobody is told to die any more, and nobody waits for it: the servers are about to end. */
  close(): void {
    for (const [server, snare] of [...this.#set]) this.#end(server, snare, false);
  }

  /**
   * Before a server starts on an empty disk: tells its peers to die when they are asked for copies, each at another
   * failpoint. Resolves with the flags for the server.
   */
  async beforeRecovery(server: NodeId, peers: readonly NodeId[]): Promise<string[]> {
    const { atServer, atPeers } = this.ofRecovery;
    for (const peer of peers) {
      const name = this.#leastTried(atPeers);
      if (name === undefined || !this.#options.isUp(peer)) continue;
      await this.#disarm(peer);
      const over = this.#waitFor(peer, name, recoveryMs, never);
      over.catch(() => {}); // then the server is down, and everybody knows
      await this.#options.arm(peer, { name, action: 'kill', hits: 1 });
    }
    const name = this.#leastTried(atServer);
    if (name === undefined) return [];
    this.#waitFor(server, name, recoveryMs, never).catch(() => {});
    return ['--failpoint', name];
  }

  #leastTried(names: readonly string[]): string | undefined {
    const triesOf = (name: string) => (this.hits.has(name) ? 1e6 : 0) + (this.#tries.get(name) ?? 0);
    const [least] = names.toSorted((a, b) => triesOf(a) - triesOf(b));
    if (least !== undefined) this.#tries.set(least, (this.#tries.get(least) ?? 0) + 1);
    return least;
  }

  /** Whoever waits for it is told that the server did not die. Until the server knows, it may. */
  async #disarm(server: NodeId): Promise<void> {
    const snare = this.#set.get(server);
    while (snare && this.#set.get(server) === snare) {
      if (await this.#options.arm(server, { name: snare.name, action: 'off', hits: 0 })) {
        return this.#end(server, snare, false);
      }
      await pause(againMs, never);
    }
  }

  async #waitFor(server: NodeId, name: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    let isCaught = false;
    const snare: Snare = {
      name,
      over: (caught) => {
        isCaught = caught;
        over.abort();
      },
    };
    this.#set.set(server, snare);
    await pause(withinMs, AbortSignal.any([signal, over.signal]));
    if (this.#set.get(server) === snare) await this.#disarm(server);
    if (isCaught) await this.#options.relaunched(server);
    return isCaught;
  }

  #end(server: NodeId, snare: Snare | undefined, caught: boolean): void {
    if (!snare || this.#set.get(server) !== snare) return;
    this.#set.delete(server);
    snare.over(caught);
  }
}
