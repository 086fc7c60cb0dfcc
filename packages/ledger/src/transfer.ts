import { oneCopy, type ByteReader, type ByteWriter, type NodeId } from '@synod/kernel';
import type { Entry, ValueCodec } from '@synod/paxos';

/** The name of an account. */
export type AccountId = string;

/** Money moves from one account to another. */
export interface Transfer {
  /** Chosen by the client; belongs to the sending account, where it is decided at most once. 1 to 128 characters. */
  readonly id: string;
  readonly from: AccountId;
  readonly to: AccountId;
  /** A whole number of units, 1 to 2^64-1. */
  readonly amount: bigint;
}

/** A transfer in a local log or block: its owner is the home of the sending account. */
export type LoggedTransfer = Entry<Transfer>;

export function sameTransfer(a: Transfer, b: Transfer): boolean {
  return a.id === b.id && a.from === b.from && a.to === b.to && a.amount === b.amount;
}

/** `S1 → S3: 45` */
export function showTransfer({ from, to, amount }: Transfer): string {
  return `${from} → ${to}: ${amount}`;
}

/** The canonical bytes of a transfer, in records and in the hash of a block: id, from, to, amount. */
export const transferCodec: ValueCodec<Transfer> = {
  write(writer: ByteWriter, { id, from, to, amount }: Transfer): void {
    writer.text(id).text(from).text(to).uint64(amount);
  },
  read(reader: ByteReader): Transfer {
    return { id: reader.text(), from: oneCopy(reader.text()), to: oneCopy(reader.text()), amount: reader.uint64() };
  },
};

/** What a server does with a transfer that stays short: `queue` keeps it as pending, `reject` refuses it. */
export type ShortPolicy = 'queue' | 'reject';

/** What a client waits for: durable on the home's disk, or in a committed block on a majority. */
export type Durability = 'local' | 'committed';

/** Which servers a round must gather from; `undefined`: a majority, and the rest that is connected within 500 ms. */
export type GatherFrom = readonly NodeId[] | undefined;
