import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type NodeId, type Random } from '@synod/kernel';
import { exitCodes } from '@synod/paxos-server';
import { drawFrom, seededRandom } from '@synod/simulator';
import type { AdminConnection } from '@synod/transport/client';
import { settleAll } from '../record/settle-all.js';
import { damage } from './damage.js';
import { isOfDisk, isOfLinks, loses, type Fault } from './fault.js';
import type { LocalMachines } from './local-machines.js';
import type { Breakable } from './nemesis.js';
import { Snares } from './snares.js';

export interface FaultyServersOptions {
  readonly local: LocalMachines;
  /** What a server does that lost its disk: it copies what it held from its peers, or it refuses to start, for good. */
  readonly lostDisk: 'recovers' | 'stays out';
  /** Of what damage hits, and how long a server is down that fell at a failpoint. */
  readonly seed: number;
}

/** How often a server is told that does not answer, and after how many ms again. */
const mostTries = 20;
const againMs = 100;
const everything = { phase: undefined, afterMs: 0 };

/** For how long a server stays down that was killed at a failpoint, ms. */
const downMs = [0, 300] as const;

/**
 * Server processes of this machine to which faults are done. What is done to one of them happens in order, so that it may
 * be killed at a failpoint, and started again, at any time.
 */
export class FaultyServers implements Breakable {
  /** Failpoints at which servers were told to die. */
  readonly snares: Snares;
  /** Rejects with `SynodError` when a server ends that nobody ended, or does not end that must. */
  readonly failed: Promise<never>;
  /** Those that lost their disks for good. */
  readonly lost = new Set<NodeId>();
  readonly #local: LocalMachines;
  readonly #lostDisk: FaultyServersOptions['lostDisk'];
  readonly #random: Random;
  readonly #turns = new Map<NodeId, Promise<unknown>>();
  /** Killed until that is healed. */
  readonly #out = new Set<NodeId>();
  readonly #paused = new Set<NodeId>();
  /** Those that must end by themselves. */
  readonly #ending = new Map<NodeId, (how: string) => void>();
  #links: Fault | undefined;
  #fail!: (error: unknown) => void;

  constructor({ local, lostDisk, seed }: FaultyServersOptions) {
    this.#local = local;
    this.#lostDisk = lostDisk;
    this.#random = seededRandom(seed, 'faulty servers');
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
    this.snares = new Snares({
      isUp: (server) => local.isRunning(server) && !this.#out.has(server) && !this.#paused.has(server),
      arm: (server, failpoint) =>
        this.#inTurn(server, () => this.#tell(server, (admin) => admin.setFailpoint(failpoint))),
      relaunched: (server) => this.#inTurn(server, async () => {}),
    });
    for (const server of local.servers) this.#watch(server);
  }

  get servers(): readonly NodeId[] {
    return this.#local.servers;
  }

  async make(fault: Fault): Promise<void> {
    if (isOfLinks(fault)) return this.#setLinks(fault);
    const { node } = fault as Extract<Fault, { node: NodeId }>;
    await this.#inTurn(node, async () => {
      if (fault.kind === 'crash') return this.#crash(node);
      if (isOfDisk(fault)) return this.#loseDisk(node, fault);
      await this.#ensureRuns(node);
      if (fault.kind === 'silence') return this.#tell(node, (admin) => admin.silence(everything));
      if (!this.#local.isRunning(node)) return; // it was killed at a failpoint, and comes back in a moment
      this.#local.pause(node);
      this.#paused.add(node);
    });
  }

  async heal(fault: Fault): Promise<void> {
    if (isOfLinks(fault)) return this.#setLinks(undefined);
    const { node } = fault as Extract<Fault, { node: NodeId }>;
    if (this.lost.has(node)) return;
    await this.#inTurn(node, async () => {
      this.#out.delete(node);
      if (fault.kind === 'silence') return this.#tell(node, (admin) => admin.unsilence({}));
      if (this.#paused.delete(node) && this.#local.isRunning(node)) this.#local.resume(node);
      await this.#ensureRuns(node);
      await this.#applyLinks(node);
      if (isOfDisk(fault)) await this.#untilTakingPart(node);
    });
  }

  /** Resolves when no server is about to be started any more. */
  async settled(): Promise<void> {
    await settleAll(this.#local.servers.map((server) => this.#inTurn(server, async () => {})));
  }

  #watch(server: NodeId): void {
    void this.#local.ended(server).then((how) => this.#ended(server, how));
  }

  #ended(server: NodeId, how: string): void {
    const ending = this.#ending.get(server);
    if (ending) return ending(how);
    if (how !== 'signal SIGKILL' || !this.snares.caught(server)) {
      return this.#fail(new SynodError('internal', `server ${server} ended: ${how}`));
    }
    const again = this.#inTurn(server, async () => {
      await sleep(drawFrom(this.#random, downMs));
      if (!this.#out.has(server)) await this.#ensureRuns(server);
    });
    again.catch((error: unknown) => this.#fail(error));
  }

  /** What is done to one server happens one after the other. */
  #inTurn<T>(server: NodeId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(server) ?? Promise.resolve()).then(work);
    this.#turns.set(
      server,
      turn.catch(() => {}), // who asked for it knows
    );
    return turn;
  }

  async #crash(server: NodeId): Promise<void> {
    this.#out.add(server);
    this.snares.gone(server);
    if (this.#local.isRunning(server)) await this.#local.crash(server);
  }

  /** It has no links before it has those that it may have now. */
  async #ensureRuns(server: NodeId): Promise<void> {
    if (this.#local.isRunning(server) || this.#out.has(server)) return;
    this.#launch(server, ['--links', 'none']);
    await this.#local.untilAnswering(server);
    await this.#applyLinks(server);
  }

  #launch(server: NodeId, flags: readonly string[] = []): void {
    this.#local.launch(server, flags);
    this.#watch(server);
  }

  /** It may be killed at a failpoint on its way. */
  async #untilTakingPart(server: NodeId): Promise<void> {
    do {
      await this.#ensureRuns(server);
      await this.#local.untilTakingPart(server);
    } while (!this.#local.isRunning(server));
  }

  async #loseDisk(server: NodeId, { kind }: Fault): Promise<void> {
    await this.#crash(server);
    const directory = this.#local.directoryOf(server);
    if (kind === 'bit-flip' || kind === 'truncation') {
      const what = await damage(join(directory, 'store'), kind);
      await this.#expectRefusal(server, exitCodes.dataDirectory, /is damaged: /, what);
    }
    await rm(directory, { recursive: true });
    if (this.#lostDisk === 'recovers') {
      const flags = await this.snares.beforeRecovery(server, this.#peersOf(server));
      this.#out.delete(server);
      this.#launch(server, flags);
      await this.#local.untilAnswering(server);
      return this.#applyLinks(server);
    }
    this.lost.add(server);
    await this.#expectRefusal(server, exitCodes.diskLost, /starts with a disk that/, 'its disk is empty');
  }

  async #expectRefusal(server: NodeId, code: number, words: RegExp, why: string): Promise<void> {
    const ended = new Promise<string>((resolve) => this.#ending.set(server, resolve));
    this.#launch(server);
    await Promise.race([ended, this.#local.untilTakingPart(server)]);
    if (this.#local.isRunning(server)) throw new SynodError('internal', `${server} takes part, though ${why}`);
    const how = await ended;
    this.#ending.delete(server);
    const told = this.#local.exitCodeOf(server);
    if (told === code && words.test(how)) return;
    throw new SynodError('internal', `${server} ended with code ${told}, where ${code} belongs, as ${why}: ${how}`);
  }

  async #setLinks(fault: Fault | undefined): Promise<void> {
    this.#links = fault;
    await settleAll(this.#local.servers.map((server) => this.#inTurn(server, () => this.#applyLinks(server))));
  }

  /** A server that stands still is told when it goes on. */
  async #applyLinks(server: NodeId): Promise<void> {
    if (!this.#local.isRunning(server) || this.#paused.has(server)) return;
    const fault = this.#links;
    const peers = this.#peersOf(server);
    const dropTo = fault ? peers.filter((peer) => loses(fault, server, peer)) : [];
    const dropFrom = fault ? peers.filter((peer) => loses(fault, peer, server)) : [];
    const isCut = fault !== undefined && 'how' in fault && fault.how === 'cut';
    const faults = isCut ? { dropTo: [], dropFrom: [] } : { dropTo, dropFrom };
    await this.#tell(server, async (admin) => {
      await admin.setFaults(faults);
      await admin.setLinks(isCut ? peers.filter((peer) => !dropTo.includes(peer)) : undefined);
    });
  }

  #peersOf(server: NodeId): NodeId[] {
    return this.#local.servers.filter((peer) => peer !== server);
  }

  /**
   * Resolves with whether it was told. One that is killed at a failpoint meanwhile needs not be: it is started anew. One
   * that stands still hears nothing.
   */
  async #tell(server: NodeId, what: (admin: AdminConnection) => Promise<void>): Promise<boolean> {
    for (let tries = 1; this.#local.isRunning(server) && !this.#paused.has(server); tries++) {
      try {
        await what(this.#local.admin(server));
        return true;
      } catch (error) {
        const isPassing = error instanceof SynodError && ['unavailable', 'deadline'].includes(error.code);
        if (!isPassing || tries === mostTries) throw error;
        await sleep(againMs); // by then it is known whether it has ended
      }
    }
    return false;
  }
}
