import type { LedgerBlock, LocalLog, PerformanceReport } from '@synod/client';

/** How the id of a transfer is called on the screen. */
export type ShortId = (id: string) => string;

export function shortenLog(log: LocalLog, shortId: ShortId): LocalLog {
  return {
    ...log,
    entries: shortenEntries(log.entries, shortId),
    pending: log.pending.map((transfer) => ({ ...transfer, id: shortId(transfer.id) })),
  };
}

export function shortenBlock(block: LedgerBlock, shortId: ShortId): LedgerBlock {
  return { ...block, entries: shortenEntries(block.entries, shortId) };
}

export function shortenReport(report: PerformanceReport, shortId: ShortId): PerformanceReport {
  const recent = report.requests.recent.map((request) => ({ ...request, id: shortId(request.id) }));
  return { ...report, requests: { ...report.requests, recent } };
}

function shortenEntries(entries: LocalLog['entries'], shortId: ShortId): LocalLog['entries'] {
  return entries.map((entry) => ({ ...entry, value: { ...entry.value, id: shortId(entry.value.id) } }));
}
