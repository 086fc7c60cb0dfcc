import { showBallot } from '@synod/paxos';
import { ledgerRecordCodec } from '../records.js';
import { showTransfer } from '../transfer.js';

/** What a server's disk holds beside its blocks, in lines for people. */
export function describeDisk(disk: ReadonlyMap<string, Uint8Array>): string[] {
  const lines: string[] = [];
  for (const [key, bytes] of [...disk].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const record = ledgerRecordCodec.decode(key, bytes);
    switch (record.kind) {
      case 'head':
        lines.push(`height ${record.height}, ${record.hash.slice(0, 8)}`);
        break;
      case 'promised':
        lines.push(`promised ${showBallot(record.ballot)} for height ${record.height}`);
        break;
      case 'accepted':
        lines.push(`accepted height ${record.block.height} under ${showBallot(record.ballot)}`);
        break;
      case 'entry':
        lines.push(`log ${record.entry.sequence}: ${record.entry.value.id} ${showTransfer(record.entry.value)}`);
        break;
      case 'pending':
        lines.push(`waits ${record.number}: ${record.transfer.id} ${showTransfer(record.transfer)}`);
        break;
      case 'account':
        lines.push(`${record.account} ${record.balance}`);
        break;
    }
  }
  return lines;
}
