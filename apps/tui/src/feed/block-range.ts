import { SynodError, type LedgerBlock, type SynodClient } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { Want } from '../feed.js';
import type { Answering, Fetching } from './fetching.js';
import { Refresh } from './refresh.js';

type Range = Pick<Extract<Want, { readonly type: 'blocks' }>, 'from' | 'to'>;

/** How long a server may take to tell the blocks of one screen. */
const timeoutMs = 5_000;

/** Fetches the blocks that are wanted, from the server with the longest chain; if that goes away, from the next. */
export class BlockRange implements Fetching {
  readonly #client: SynodClient;
  readonly #tell: (server: NodeId, blocks: readonly LedgerBlock[]) => void;
  readonly #servers: ReadonlyMap<NodeId, Answering>;
  readonly #refresh = new Refresh(() => this.#fetch());
  /** Undefined: it was told. */
  #wanted: Range | undefined;
  #underWay: { readonly range: Range; readonly abort: AbortController } | undefined;

  /** `servers`: those that answer at any moment. `tell`: what becomes of blocks that a server told. */
  constructor(
    client: SynodClient,
    servers: ReadonlyMap<NodeId, Answering>,
    tell: (server: NodeId, blocks: readonly LedgerBlock[]) => void,
  ) {
    this.#client = client;
    this.#servers = servers;
    this.#tell = tell;
  }

  /** What is under way goes on if part of it is still wanted. */
  want(range: Range): void {
    this.#wanted = range;
    const underWay = this.#underWay;
    if (underWay && (underWay.range.to < range.from || underWay.range.from > range.to)) underWay.abort.abort();
    this.#request();
  }

  /** Somebody may have now what nobody had. */
  reported(): void {
    this.#request();
  }

  /** A fetch from it fails by itself. */
  lost(): void {}

  close(): void {
    this.#wanted = undefined;
    this.#underWay?.abort.abort();
    this.#refresh.close();
  }

  #request(): void {
    if (this.#wanted && this.#holdersOf(this.#wanted).length > 0) this.#refresh.changed();
  }

  /** Those that have the first of them at least, the longest chain first. */
  #holdersOf({ from }: Range): Answering[] {
    const holders = [...this.#servers.values()].filter((server) => heightOf(server) >= from);
    return holders.sort((a, b) => heightOf(b) - heightOf(a));
  }

  async #fetch(): Promise<void> {
    const range = this.#wanted;
    if (!range) return;
    const abort = new AbortController();
    this.#underWay = { range, abort };
    const limit = range.to - range.from + 1;
    for (const { id, address } of this.#holdersOf(range)) {
      try {
        const blocks: LedgerBlock[] = [];
        const options = { signal: abort.signal, timeoutMs };
        for await (const block of this.#client.ledger.blocks(address, { from: range.from, limit }, options)) {
          blocks.push(block);
        }
        if (abort.signal.aborted) break;
        this.#tell(id, blocks);
        if (this.#wanted === range && blocks.length === limit) this.#wanted = undefined;
        break;
      } catch (error) {
        if (!(error instanceof SynodError)) throw error;
        if (abort.signal.aborted) break;
      }
    }
    this.#underWay = undefined;
  }
}

function heightOf({ ledger }: Answering): number {
  return ledger?.status.height ?? 0;
}
