import type { NodeId } from '@synod/kernel';
import type { Acceptor } from './acceptor.js';
import type { Acquaintance } from './acquaintance.js';
import type { Chain } from './chain.js';
import type { LocalLog } from './local-log.js';
import type { Proposer } from './proposer.js';
import { nodeOfKey, type PaxosRecord } from './records.js';

/** The parts of a server that remember something over a crash. */
export interface Parts<T> {
  readonly self: NodeId;
  readonly acceptor: Acceptor<T>;
  readonly proposer: Proposer<T>;
  readonly chain: Chain<T>;
  readonly log: LocalLog<T>;
  readonly acquaintance: Acquaintance<T>;
}

/** Tells the part that it is of what a crash left: one record. */
export function recoverRecord<T>(key: string, record: PaxosRecord<T>, parts: Parts<T>): void {
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
      if (nodeOfKey(key) === parts.self) parts.log.recoverCommitted(record.sequence);
      return parts.chain.recoverOwner(nodeOfKey(key), record.sequence);
    case 'entry':
      return parts.log.recover(record.entry);
    case 'identity':
      return parts.acquaintance.recoverIdentity(record.identity, record.established);
    case 'peer':
      return parts.acquaintance.recoverPeer(nodeOfKey(key), record.identity);
    case 'missing':
      return parts.chain.recoverMissing(record);
    case 'block':
      return; // stays in storage until somebody asks for it
  }
}
