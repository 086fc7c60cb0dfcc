import type { NodeId } from '@synod/kernel';
import type { Acceptor } from './acceptor.js';
import type { Acquaintance } from './acquaintance.js';
import type { Chain } from './chain.js';
import type { LocalLog } from './local-log.js';
import type { RecoveredPaxos } from './options.js';
import type { Proposer } from './proposer.js';
import { nodeOfKey } from './records.js';

/** The parts of a server that remember something over a crash. */
interface Parts<T> {
  readonly self: NodeId;
  readonly acceptor: Acceptor<T>;
  readonly proposer: Proposer<T>;
  readonly chain: Chain<T>;
  readonly log: LocalLog<T>;
  readonly acquaintance: Acquaintance<T>;
}

/** Tells each part what a crash left of it. */
export function recoverPaxos<T>(records: RecoveredPaxos<T>['records'], parts: Parts<T>): void {
  for (const [key, record] of records) {
    switch (record.kind) {
      case 'round':
        parts.proposer.recoverRound(record.round);
        break;
      case 'promised':
        parts.acceptor.recoverPromise(record.ballot, record.height);
        parts.proposer.saw(record.ballot);
        break;
      case 'accepted':
        parts.acceptor.recoverAccepted(record.ballot, record.block);
        break;
      case 'head':
        parts.chain.recoverHead(record.height, record.hash);
        break;
      case 'owner':
        parts.chain.recoverOwner(nodeOfKey(key), record.sequence);
        break;
      case 'entry':
        parts.log.recover(record.entry);
        break;
      case 'identity':
        parts.acquaintance.recoverIdentity(record.identity, record.established);
        break;
      case 'peer':
        parts.acquaintance.recoverPeer(nodeOfKey(key), record.identity);
        break;
      case 'missing':
        parts.chain.recoverMissing(record);
        break;
      case 'block':
        break; // stays in storage until somebody asks for it
    }
  }
  parts.log.recoverCommitted(parts.chain.committedSequence(parts.self));
}
