import { ByteReader, SynodError, type RecordCodec } from '@synod/kernel';
import { readPaxosRecord, writePaxosRecord, type PaxosRecord } from '@synod/paxos';
import { transferCodec, type AccountId, type Transfer } from './transfer.js';

/** What the ledger keeps on disk, beside what Paxos keeps. */
export type LedgerRecord =
  | PaxosRecord<Transfer>
  /** A committed balance that differs from the initial one. */
  | { readonly kind: 'account'; readonly account: AccountId; readonly balance: bigint }
  | PendingRecord
  | OutcomeRecord;

/** A transfer that waits for money. `number`: its place in the order of arrival. */
export interface PendingRecord {
  readonly kind: 'pending';
  readonly number: number;
  readonly transfer: Transfer;
}

/** A transfer that was decided for good, kept so that a repeat gets the same answer. */
export interface Outcome {
  readonly transfer: Transfer;
  readonly status: 'local' | 'consensus' | 'rejected';
  /** In the owner's log; 0 if rejected. */
  readonly sequence: number;
  readonly reason: string;
}

export interface OutcomeRecord extends Outcome {
  readonly kind: 'outcome';
  /** Counts the decisions of this server, from 1. */
  readonly number: number;
}

export const ledgerKeys = {
  account: (account: AccountId) => `state/account/${encodeURIComponent(account)}`,
  pending: (number: number) => `state/queue/${hex(number)}`,
  outcome: (number: number) => `state/outcome/${hex(number)}`,
};

/** Kind numbers from here on are the ledger's; below are those of Paxos. */
const firstKind = 64;
const kinds = ['account', 'pending', 'outcome'] as const;
const statuses = ['local', 'consensus', 'rejected'] as const;

export const ledgerRecordCodec: RecordCodec<LedgerRecord> = {
  encode(_key, record, writer) {
    switch (record.kind) {
      case 'account':
        writer.number(firstKind).text(record.account).uint64(record.balance);
        break;
      case 'pending':
        writer.number(firstKind + 1).number(record.number);
        transferCodec.write(writer, record.transfer);
        break;
      case 'outcome':
        writer.number(firstKind + 2).number(record.number);
        transferCodec.write(writer, record.transfer);
        writer.number(statuses.indexOf(record.status)).number(record.sequence).text(record.reason);
        break;
      default:
        writePaxosRecord(writer, record, transferCodec);
    }
  },
  decode(_key, bytes) {
    const reader = new ByteReader(bytes);
    const isLedger = (bytes[0] ?? 0) >= firstKind;
    const record = isLedger ? readLedgerRecord(reader) : readPaxosRecord(reader, transferCodec);
    reader.done();
    return record;
  },
};

function readLedgerRecord(reader: ByteReader): LedgerRecord {
  const kind = kinds[reader.number() - firstKind];
  switch (kind) {
    case 'account':
      return { kind, account: reader.text(), balance: reader.uint64() };
    case 'pending':
      return { kind, number: reader.number(), transfer: transferCodec.read(reader) };
    case 'outcome':
      return {
        kind,
        number: reader.number(),
        transfer: transferCodec.read(reader),
        status: statuses[reader.number()] ?? damaged('unknown status'),
        sequence: reader.number(),
        reason: reader.text(),
      };
    default:
      return damaged('unknown kind');
  }
}

function damaged(what: string): never {
  throw new SynodError('corrupt', `stored record is damaged: ${what}`);
}

/** Fixed width, so that the order of keys is the order of numbers. */
function hex(number: number): string {
  return number.toString(16).padStart(14, '0');
}
