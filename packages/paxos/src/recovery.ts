import type { Acceptor } from './acceptor.js';
import type { Acquaintance } from './acquaintance.js';
import type { Chain } from './chain.js';
import type { LocalLog } from './local-log.js';
import type { Membership } from './membership.js';
import type { Proposer } from './proposer.js';
import { nodeOfKey, type PaxosRecord } from './records.js';

/** The parts of a server that outlive a crash. */
export interface Lasting<T> {
  readonly chain: Chain<T>;
  readonly log: LocalLog<T>;
  readonly acceptor: Acceptor<T>;
  readonly proposer: Proposer<T>;
  readonly membership: Membership<T>;
  readonly acquaintance: Acquaintance<T>;
}

/** Gives the part that it is of one record of what a crash left. */
export function recoverRecord<T>(key: string, record: PaxosRecord<T>, parts: Lasting<T>): void {
  switch (record.kind) {
    case 'round':
      return parts.proposer.recoverRound(record.round);
    case 'promised':
      parts.acceptor.recoverPromise(record.ballot, record.height);
      return parts.proposer.saw(record.ballot);
    case 'accepted':
      return parts.acceptor.recoverAccepted(record.ballot, record.block);
    case 'head':
      return parts.chain.recoverHead(record.height, record.hash);
    case 'owner':
      if (nodeOfKey(key) === parts.log.owner) parts.log.recoverCommitted(record.sequence);
      return parts.chain.recoverOwner(nodeOfKey(key), record.sequence);
    case 'entry':
      return parts.log.recover(record.entry);
    case 'identity':
      return parts.acquaintance.recoverIdentity(record.identity, record.standing);
    case 'peer':
      return parts.acquaintance.recoverPeer(nodeOfKey(key), record.identity);
    case 'missing':
      return parts.chain.recoverMissing(record);
    case 'member':
      return parts.membership.recover(nodeOfKey(key), record);
    case 'block':
      return; // stays in storage until somebody asks for it
  }
}
