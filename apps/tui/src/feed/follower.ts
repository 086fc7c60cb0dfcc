import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type NodeDescription, type SynodClient, type WatchedMessage } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { News } from '../model/input.js';
import type { Reach } from '../model/server-model.js';

/** How many of the events that a server still keeps are asked for. */
const keptEvents = 200;
/** A server that does not say who it is in this time is silent, as far as can be seen. */
const patienceMs = 1_000;
/** Waits between tries: twice as long each time. Connecting itself is tried by the client, at most once a second. */
const firstPauseMs = 50;
const maxPauseMs = 500;
/** Streams that lasted so long worked. */
const steadyMs = 2_000;

/** Whoever is told what a server does. */
export interface Audience {
  /** It has said who it is. */
  described(follower: Follower, description: NodeDescription): void;
  /** Its streams ended. */
  lost(follower: Follower): void;
  reached(follower: Follower): void;
  /** It could not be asked who it is; perhaps it is somewhere else by now. */
  failed(follower: Follower): void;
  tell(follower: Follower, news: News): void;
  tellMessage(message: WatchedMessage): void;
}

/** Follows one server for as long as it takes: asks it who it is, reads its streams, and begins anew when they end. */
export class Follower {
  /** `host:port` */
  readonly address: string;
  /** Undefined until anybody has told. */
  id: NodeId | undefined;
  /** How it can be reached, and why not. */
  reach: { readonly reach: Reach; readonly reason: string } = { reach: 'unknown', reason: '' };
  readonly #client: SynodClient;
  readonly #audience: Audience;
  readonly #closed = new AbortController();

  constructor(client: SynodClient, address: string, id: NodeId | undefined, audience: Audience) {
    this.#client = client;
    this.address = address;
    this.id = id;
    this.#audience = audience;
  }

  async run(): Promise<void> {
    let failures = 0;
    while (!this.#closed.signal.aborted) {
      const began = performance.now();
      const description = await this.#describe();
      if (description) await this.#read(description.services);
      else if (!this.#closed.signal.aborted) this.#audience.failed(this);
      if (performance.now() - began > steadyMs) failures = 0;
      const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** failures++);
      await sleep(pauseMs, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  /** Nothing more is told. */
  close(): void {
    this.#closed.abort();
  }

  /** Waits as long as it takes, but for a server that can not be reached. */
  async #describe(): Promise<NodeDescription | undefined> {
    const { signal } = this.#closed;
    let isSilent = false;
    const patience = setTimeout(() => {
      isSilent = true;
      this.#reached('silent', 'nothing comes back');
    }, patienceMs);
    try {
      const description = await this.#client.describe(this.address, { signal, timeoutMs: Infinity });
      if (signal.aborted) return undefined;
      this.#audience.described(this, description);
      this.reach = { reach: 'answers', reason: '' };
      return description;
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      // A connection that ends after a silence says nothing of the next one.
      if (!isSilent)
        this.#reached('unreachable', error.code === 'unavailable' ? 'it takes no connection' : error.message);
      return undefined;
    } finally {
      clearTimeout(patience);
    }
  }

  /** Reads all that it streams until the first of these ends. */
  async #read(services: readonly string[]): Promise<void> {
    const { address } = this;
    const client = this.#client;
    const tell = (news: News): void => this.#audience.tell(this, news);
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, ended.signal]);
    const streams = [
      read(client.watchEvents(address, signal, keptEvents), (watched) => tell({ type: 'event', ...watched })),
      read(client.watchMessages(address, signal), (watched) => this.#audience.tellMessage(watched)),
    ];
    if (services.includes('synod.ledger.v1.LedgerService')) {
      streams.push(
        read(client.ledger.watchStatus(address, signal), (report) => tell({ type: 'ledger-report', report })),
      );
    }
    if (services.includes('synod.register.v1.RegisterService')) {
      streams.push(
        read(client.registers.watchStatus(address, signal), (report) => tell({ type: 'register-report', report })),
      );
    }
    // Why a stream ended is found out by asking the server who it is.
    await Promise.race(streams).catch(ignoreSynodError);
    ended.abort();
    await Promise.allSettled(streams);
    this.#audience.lost(this);
  }

  #reached(reach: Reach, reason: string): void {
    if (this.#closed.signal.aborted || (this.reach.reach === reach && this.reach.reason === reason)) return;
    this.reach = { reach, reason };
    this.#audience.reached(this);
  }
}

async function read<T>(stream: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of stream) take(item);
}

function ignoreSynodError(error: unknown): void {
  if (!(error instanceof SynodError)) throw error;
}
