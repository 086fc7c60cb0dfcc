import { liveKeys, showBallot } from '@synod/paxos';
import { ledgerRecordCodec, type LedgerRecord } from '../records.js';
import { showTransfer } from '../transfer.js';

/** What a server's disk holds beside its blocks, in lines for people. */
export function describeDisk(disk: ReadonlyMap<string, Uint8Array>): string[] {
  const lines: string[] = [];
  const records = [...disk].filter(([key]) => key >= liveKeys.from && key < liveKeys.to);
  for (const [key, bytes] of records.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const line = describeRecord(ledgerRecordCodec.decode(key, bytes));
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

function describeRecord(record: LedgerRecord): string | undefined {
  switch (record.kind) {
    case 'head':
      return `height ${record.height}, ${record.hash.slice(0, 8)}`;
    case 'missing':
      return `blocks ${record.from} to ${record.to} missing`;
    case 'promised':
      return `promised ${showBallot(record.ballot)} for height ${record.height}`;
    case 'accepted':
      return `accepted height ${record.block.height} under ${showBallot(record.ballot)}`;
    case 'entry':
      return `log ${record.entry.sequence}: ${record.entry.value.id} ${showTransfer(record.entry.value)}`;
    case 'pending':
      return `waits ${record.number}: ${record.transfer.id} ${showTransfer(record.transfer)}`;
    case 'account':
      return `${record.account} ${record.balance}`;
    default:
      return undefined;
  }
}
