import type { LoggedTransfer, LedgerBlock, Transfer } from '@synod/ledger';
import { noBallot, type Ballot, type Change } from '@synod/paxos';
import type * as wire from '../gen/synod/ledger/v1/types.js';
import { hex, nonEmpty, positive, reject, required, unhex } from './wire-checks.js';

/*
 * The types of synod/ledger/v1/types.proto and those of the ledger. Ballots and transfers look the same on both
 * sides, so that only their reading needs a function. All readers throw `SynodError` `invalid_argument`.
 */

/** Bytes of a SHA-256. */
export const hashLength = 32;

/** A ballot that some server made. */
export function readBallot(from: wire.Ballot | undefined, field: string): Ballot {
  const { round, server } = required(from, field);
  return { round: positive(round, `${field}.round`), server: nonEmpty(server, `${field}.server`) };
}

/** The same, or `noBallot`. */
export function readBallotOrNone(from: wire.Ballot | undefined, field: string): Ballot {
  return from?.round === 0 && from.server === '' ? noBallot : readBallot(from, field);
}

export function readTransfer(wireTransfer: wire.Transfer | undefined, field: string): Transfer {
  const { id, from, to, amount } = required(wireTransfer, field);
  if (amount === 0n) reject(`${field}.amount`, 'must be at least 1');
  return {
    id: nonEmpty(id, `${field}.id`),
    from: nonEmpty(from, `${field}.from`),
    to: nonEmpty(to, `${field}.to`),
    amount,
  };
}

export function writeEntry({ owner, sequence, value }: LoggedTransfer): wire.Entry {
  return { owner, sequence, transfer: value };
}

export function readEntry({ owner, sequence, transfer }: wire.Entry): LoggedTransfer {
  return {
    owner: nonEmpty(owner, 'entry.owner'),
    sequence: positive(sequence, 'entry.sequence'),
    value: readTransfer(transfer, 'entry.transfer'),
  };
}

export function writeBlock(block: LedgerBlock): wire.Block {
  return {
    height: block.height,
    previous: unhex(block.previous, hashLength),
    ballot: block.ballot,
    entries: block.entries.map(writeEntry),
    hash: unhex(block.hash, hashLength),
    change: block.change,
  };
}

/** To be spread into a block, which has no such field without one. */
export function readChange(from: wire.Change | undefined): { change?: Change } {
  if (!from) return {};
  const server = nonEmpty(from.server, 'change.server');
  const disk = nonEmpty(from.disk, 'change.disk');
  return { change: { server, disk, address: nonEmpty(from.address, 'change.address') } };
}

/** Whether the block has the hash it claims is for the protocol to check. */
export function readBlock(from: wire.Block | undefined): LedgerBlock {
  const block = required(from, 'block');
  if (block.entries.length === 0 && !block.change) reject('block.entries', 'is empty');
  return {
    height: positive(block.height, 'block.height'),
    previous: hex(block.previous, hashLength, 'block.previous'),
    ballot: readBallot(block.ballot, 'block.ballot'),
    entries: block.entries.map(readEntry),
    ...readChange(block.change),
    hash: hex(block.hash, hashLength, 'block.hash'),
  };
}
