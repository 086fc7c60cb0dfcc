import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type NodeId } from '@synod/kernel';
import type { CallOptions, ConnectionOptions, ServerAddress } from '@synod/transport/client';
import type { Deadline } from './deadline.js';
import type { ConnectOptions } from './options.js';
import { ServerLink } from './server-link.js';

/** A server that does not say who it is in this time is taken for silent. */
const patienceMs = 2_000;
/** It is waited for this long before the address is used that the cluster itself gives for it. */
const strangerMs = 250;
/** So often at most the servers are asked where the others are, while one of them can not be reached. */
const seekMs = 1_000;

/**
 * The servers of the cluster: those that the caller named, and others of whom these told. What the caller said of a
 * server's address holds whatever the cluster says of it, until the cluster says something else than it did before: then
 * the server was replaced.
 */
export class Servers {
  readonly #options: ConnectionOptions;
  readonly #given: readonly ServerLink[];
  #learned: readonly ServerLink[] = [];
  /** Where the cluster said last that its servers are. */
  readonly #said = new Map<NodeId, string>();
  /** Of the caller's, those whose servers are elsewhere by now. */
  readonly #left = new Set<ServerLink>();
  /** As `performance.now()` counts. */
  #seekAt = 0;
  readonly #byId = new Map<NodeId, ServerLink>();
  #meeting: Promise<unknown> | undefined;

  /** Throws `SynodError` `invalid_argument`. */
  constructor({ servers, cluster, lifeSignMs }: ConnectOptions) {
    if (servers.length === 0) throw new SynodError('invalid_argument', 'servers: at least one is needed');
    if (lifeSignMs !== undefined && !(lifeSignMs > 0)) {
      throw new SynodError('invalid_argument', `lifeSignMs: more than 0, not ${lifeSignMs}`);
    }
    this.#options = { cluster, lifeSignMs, unreachable: () => void this.#seek() };
    this.#given = servers.map((server) => {
      const named = typeof server === 'string' ? { address: server } : server;
      if (!isAddress(named.address)) {
        throw new SynodError('invalid_argument', `servers: '${named.address}' is not host:port`);
      }
      return new ServerLink(named, this.#options);
    });
    for (const link of this.#given) if (link.id !== undefined) this.isCalled(link, link.id);
  }

  /** Those of the caller first. */
  get all(): readonly ServerLink[] {
    return [...this.#given.filter((link) => !this.#left.has(link)), ...this.#learned];
  }

  /** The server of this id, if it is known. */
  at(id: NodeId): ServerLink | undefined {
    return this.#byId.get(id);
  }

  /** The server of this id or address. */
  async named(name: string, deadline: Deadline): Promise<ServerLink> {
    const known = this.#find(name);
    if (known) return known;
    const others: ServerAddress[] = [];
    const asked = this.#given.map(async (link) => {
      others.push(...(await this.#meet(link, deadline.rest(patienceMs))));
      if (link.id !== name) throw new SynodError('unknown_server', `${link.address} is ${link.id}`);
      return link;
    });
    try {
      return await Promise.any(asked);
    } catch (error) {
      this.#learn(others);
      const learned = this.#find(name);
      if (learned) return learned;
      const silent = (error as { errors: Error[] }).errors.find((it) => !isUnknown(it));
      const all = this.all.map(({ id, address }) => id ?? address).join(', ');
      throw silent ?? new SynodError('unknown_server', `there is no server '${name}'; there are ${all}`);
    }
  }

  /** A server has said who it is. */
  isCalled(link: ServerLink, id: NodeId): void {
    link.id ??= id;
    const known = this.#byId.get(link.id);
    if (this.#left.has(link)) return;
    if (!known || this.#learned.includes(known)) this.#byId.set(link.id, link);
  }

  /** The cluster has said where its servers are. */
  async areAt(addresses: readonly ServerAddress[]): Promise<void> {
    for (const { id, address } of addresses) {
      const same = this.#given.find((link) => link.id === undefined && link.address === address);
      if (same) this.isCalled(same, id);
    }
    if (addresses.some(({ id }) => !this.#byId.has(id))) {
      await Promise.race([this.meetStrangers(), sleep(strangerMs, undefined, { ref: false })]);
    }
    this.#learn(addresses);
  }

  /** Asks those servers of the caller who they are that have not said so yet. Never rejects. */
  async meetStrangers(): Promise<void> {
    const strangers = this.#given.filter(({ id }) => id === undefined);
    if (strangers.length === 0) return;
    this.#meeting ??= Promise.allSettled(strangers.map((link) => this.#meet(link, { timeoutMs: patienceMs }))).finally(
      () => (this.#meeting = undefined),
    );
    await this.#meeting;
  }

  close(): void {
    for (const link of this.all) link.close();
  }

  /**
   * A server can not be reached: it may be somewhere else by now. The others are asked; where they differ, what most of
   * them say is believed. Never rejects.
   */
  async #seek(): Promise<void> {
    if (performance.now() < this.#seekAt) return;
    this.#seekAt = Infinity; // whom this itself does not reach is no reason to begin again
    await this.meetStrangers();
    const met = await Promise.allSettled(this.all.map((link) => this.#meet(link, { timeoutMs: patienceMs })));
    this.#learn(mostSaid(met.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))));
    this.#seekAt = performance.now() + seekMs;
  }

  /** Asks a server who it is, and answers where it says that the others are. */
  async #meet(link: ServerLink, options: CallOptions): Promise<readonly ServerAddress[]> {
    const { server, servers } = await link.calls.node.describe(options);
    this.isCalled(link, server);
    return servers;
  }

  #learn(addresses: readonly ServerAddress[]): void {
    for (const { id, address } of addresses) {
      if (!isAddress(address)) continue;
      const before = this.#said.get(id);
      this.#said.set(id, address);
      const known = this.#byId.get(id);
      if (known && (before === undefined || before === address || known.address === address)) continue;
      if (known) this.#leave(known);
      const link = new ServerLink({ id, address }, this.#options);
      this.#learned = [...this.#learned, link];
      this.#byId.set(id, link);
    }
  }

  /** What is under way there fails, and is sent to where the server is now. */
  #leave(link: ServerLink): void {
    if (this.#given.includes(link)) this.#left.add(link);
    this.#learned = this.#learned.filter((other) => other !== link);
    link.leave();
  }

  #find(name: string): ServerLink | undefined {
    return this.#byId.get(name) ?? this.all.find(({ address }) => address === name);
  }
}

/** Of what several servers say, for each id the address that is said most often. */
function mostSaid(said: readonly ServerAddress[]): ServerAddress[] {
  const times = new Map<string, number>();
  const most = new Map<NodeId, { readonly address: string; readonly count: number }>();
  for (const { id, address } of said) {
    const count = (times.get(`${id} ${address}`) ?? 0) + 1;
    times.set(`${id} ${address}`, count);
    if (count > (most.get(id)?.count ?? 0)) most.set(id, { address, count });
  }
  return [...most].map(([id, { address }]) => ({ id, address }));
}

function isAddress(text: string): boolean {
  return /^.+:\d+$/.test(text);
}

function isUnknown(error: Error): boolean {
  return error instanceof SynodError && error.code === 'unknown_server';
}
