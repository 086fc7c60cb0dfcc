import type { Acceptor } from './acceptor.js';
import type { Acquaintance } from './acquaintance.js';
import type { Chain } from './chain.js';
import type { LocalLog } from './local-log.js';
import type { Membership } from './membership.js';
import type { RecoveredPaxos } from './options.js';
import type { Proposer } from './proposer.js';
import { nodeOfKey } from './records.js';

/** The parts of a server that outlive a crash. */
export interface Lasting<T> {
  readonly chain: Chain<T>;
  readonly log: LocalLog<T>;
  readonly acceptor: Acceptor<T>;
  readonly proposer: Proposer<T>;
  readonly membership: Membership<T>;
  readonly acquaintance: Acquaintance<T>;
}

/** Gives every part what the disk holds of it. */
export function recover<T>(parts: Lasting<T>, { records }: RecoveredPaxos<T>): void {
  const { chain, log, acceptor, proposer, membership, acquaintance } = parts;
  for (const [key, record] of records) {
    switch (record.kind) {
      case 'round':
        proposer.recoverRound(record.round);
        break;
      case 'promised':
        acceptor.recoverPromise(record.ballot, record.height);
        proposer.saw(record.ballot);
        break;
      case 'accepted':
        acceptor.recoverAccepted(record.ballot, record.block);
        break;
      case 'head':
        chain.recoverHead(record.height, record.hash);
        break;
      case 'owner':
        chain.recoverOwner(nodeOfKey(key), record.sequence);
        break;
      case 'entry':
        log.recover(record.entry);
        break;
      case 'identity':
        acquaintance.recoverIdentity(record.identity, record.standing);
        break;
      case 'peer':
        acquaintance.recoverPeer(nodeOfKey(key), record.identity);
        break;
      case 'missing':
        chain.recoverMissing(record);
        break;
      case 'member':
        membership.recover(nodeOfKey(key), record);
        break;
      case 'block':
        break; // stays in storage until somebody asks for it
    }
  }
  log.recoverCommitted(chain.committedSequence(log.owner));
  acquaintance.recovered();
}
