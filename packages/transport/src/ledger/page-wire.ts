import type { LedgerBlock, LocalLog, LoggedTransfer, Transfer } from '@synod/ledger';
import { hashLength, readBallot, readChange, readEntry, readTransfer, writeEntry } from '../codec/ledger-types.js';
import { inPages } from '../codec/pages.js';
import { hex, positive, reject, unhex } from '../codec/wire-checks.js';
import type { BlockPart, BlocksResponse, LogResponse } from '../gen/synod/ledger/v1/ledger_service.js';

/*
 * Long logs and blocks in pages, so that a client needs no message longer than 4 MiB, the default limit of gRPC.
 * Readers throw `SynodError` `invalid_argument`.
 */

/** At least one page, even of an empty log. */
export function* writeLog({ server, height, entries, pending }: LocalLog): Generator<LogResponse> {
  const page = (part: Partial<LogResponse>): LogResponse => ({ server, height, entries: [], pending: [], ...part });
  if (entries.length === 0 && pending.length === 0) yield page({});
  for (const some of inPages(entries, entrySize)) yield page({ entries: some.map(writeEntry) });
  for (const some of inPages(pending, transferSize)) yield page({ pending: some });
}

export async function readLog(pages: AsyncIterable<LogResponse>): Promise<LocalLog> {
  let [server, height] = ['', 0];
  const entries: LoggedTransfer[] = [];
  const pending: Transfer[] = [];
  for await (const page of pages) {
    ({ server, height } = page);
    for (const entry of page.entries) entries.push(readEntry(entry));
    for (const transfer of page.pending) pending.push(readTransfer(transfer, 'pending'));
  }
  return { server, height, entries, pending };
}

/** `height`: the server's. */
export function* writeBlocks(blocks: readonly LedgerBlock[], height: number): Generator<BlocksResponse> {
  for (const parts of inPages(blocks.flatMap(split), partSize)) yield { parts, height };
}

export async function* readBlocks(pages: AsyncIterable<BlocksResponse>): AsyncGenerator<LedgerBlock> {
  let parts: BlockPart[] = [];
  let missing = 0;
  for await (const page of pages) {
    for (const part of page.parts) {
      if (parts.length === 0) missing = part.totalEntries;
      if (missing === 0 && !part.change) reject('block.total_entries', 'must be at least 1');
      parts.push(part);
      missing -= part.entries.length;
      if (missing > 0) continue;
      yield join(parts);
      parts = [];
    }
  }
  if (parts.length > 0) reject('block', 'ends early');
}

function split(block: LedgerBlock): BlockPart[] {
  const pages = block.entries.length > 0 ? inPages(block.entries, entrySize) : [[]];
  return [...pages].map((entries) => ({
    height: block.height,
    previous: unhex(block.previous, hashLength),
    ballot: block.ballot,
    hash: unhex(block.hash, hashLength),
    totalEntries: block.entries.length,
    entries: entries.map(writeEntry),
    change: block.change,
  }));
}

function join(parts: readonly BlockPart[]): LedgerBlock {
  const { height, previous, ballot, hash, totalEntries, change } = parts[0]!;
  const entries = parts.flatMap((part) => part.entries.map(readEntry));
  if (parts.some((part) => part.height !== height)) reject('block', 'has parts of several heights');
  if (entries.length !== totalEntries) reject('block.entries', 'are too many');
  return {
    height: positive(height, 'block.height'),
    previous: hex(previous, hashLength, 'block.previous'),
    ballot: readBallot(ballot, 'block.ballot'),
    entries,
    ...readChange(change),
    hash: hex(hash, hashLength, 'block.hash'),
  };
}

/** Tags, lengths and numbers around the texts of one entry, at most. */
const overhead = 32;

function transferSize({ id, from, to }: Transfer): number {
  return overhead + id.length + from.length + to.length;
}

function entrySize({ owner, value }: LoggedTransfer): number {
  return owner.length + transferSize(value);
}

/** A part was cut to fit a page; here only small ones still count one by one. */
function partSize({ entries }: BlockPart): number {
  return entries.reduce((size, { owner, transfer }) => size + owner.length + transferSize(transfer!), 4 * overhead);
}
