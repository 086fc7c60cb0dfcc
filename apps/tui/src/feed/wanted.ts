import type { SynodClient } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { Want } from '../feed.js';
import type { News } from '../model/input.js';
import { BlockRange } from './block-range.js';
import { EachServer } from './each-server.js';
import type { Answering, Fetching } from './fetching.js';
import { nodeCellOf } from './node-cell-of.js';
import { shortenBlock, shortenLog, shortenReport, type ShortId } from './short-ids.js';

/** Requests of a server that are shown one by one. */
const recentRequests = 200;

interface Surroundings {
  readonly client: SynodClient;
  readonly shortId: ShortId;
  readonly tell: (news: News) => void;
}

/** What the screen shows beside reports and streams: one thing at a time, fetched from the servers that answer. */
export class Wanted {
  readonly #around: Surroundings;
  readonly #answering = new Map<NodeId, Answering>();
  #fetching: Fetching | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  want(want: Want | undefined): void {
    if (want?.type === 'blocks' && this.#fetching instanceof BlockRange) return this.#fetching.want(want);
    this.close();
    this.#fetching = want && this.#begin(want);
    for (const server of this.#answering.values()) this.#fetching?.reported(server);
  }

  reported(server: Answering): void {
    this.#answering.set(server.id, server);
    this.#fetching?.reported(server);
  }

  lost(id: NodeId): void {
    this.#answering.delete(id);
    this.#fetching?.lost(id);
  }

  close(): void {
    this.#fetching?.close();
    this.#fetching = undefined;
  }

  #begin(want: Want): Fetching {
    const { client, shortId, tell } = this.#around;
    switch (want.type) {
      case 'balances':
        return new EachServer({
          versionOf: ledgerVersion,
          fetch: async ({ address }, signal) => {
            tell({ type: 'balances', balances: await client.ledger.balanceMap(address, { signal }) });
          },
        });
      case 'logs':
        return new EachServer({
          versionOf: ledgerVersion,
          fetch: async ({ address }, signal) => {
            tell({ type: 'log', log: shortenLog(await client.ledger.log(address, { signal }), shortId) });
          },
        });
      case 'performance':
        return new EachServer({
          versionOf: (server) => (server.id === want.server ? figuresVersion(server) : undefined),
          fetch: async ({ address }, signal) => {
            const report = await client.performance(address, { signal, recent: recentRequests });
            tell({ type: 'performance', report: shortenReport(report, shortId) });
          },
        });
      case 'blocks': {
        const range = new BlockRange(client, this.#answering, (server, blocks) => {
          tell({ type: 'blocks', server, blocks: blocks.map((block) => shortenBlock(block, shortId)) });
        });
        range.want(want);
        return range;
      }
      case 'cells':
        return this.#beginCells();
    }
  }

  #beginCells(): Fetching {
    const { client, tell } = this.#around;
    let isLayoutKnown = false;
    return new EachServer({
      versionOf: cellsVersion,
      fetch: async ({ id, address }, signal) => {
        // All nodes say the same, and one of them may be silent.
        if (!isLayoutKnown) tell({ type: 'layout', layout: await client.registers.layout(address, { signal }) });
        isLayoutKnown = true;
        const cells = [];
        for await (const cell of client.registers.cells(address, { signal })) cells.push(nodeCellOf(cell));
        tell({ type: 'cells', server: id, cells });
      },
    });
  }
}

/** Balances, logs and queues are the same while this is. */
function ledgerVersion({ ledger }: Answering): string | undefined {
  if (!ledger) return undefined;
  const { height, logLength, pending, undecided } = ledger.status;
  return `${height} ${logLength} ${pending} ${undecided}`;
}

/** Cells are the same while this is: whatever a node adopts it writes. */
function cellsVersion({ registers }: Answering): string | undefined {
  return registers && `${registers.cells} ${registers.performance.writes.count}`;
}

/** What a server measured is the same while this is. */
function figuresVersion({ ledger, registers }: Answering): string {
  return JSON.stringify([ledger?.performance, registers?.performance]);
}
