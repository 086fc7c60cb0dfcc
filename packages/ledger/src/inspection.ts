import { compareNatural, type NodeId } from '@synod/kernel';
import type { Consensus } from '@synod/paxos';
import type { Account } from './accounts.js';
import type { Books } from './books.js';
import type { AccountBalance, BalanceMap, LedgerStatus, LocalLog } from './protocol.js';
import type { Transfer } from './transfer.js';

/** What a server can tell about itself. Released like any other answer, so it shows only what is durable. */
export class Inspection {
  readonly #self: NodeId;
  readonly #books: Books;
  readonly #consensus: Consensus<Transfer>;

  constructor(self: NodeId, books: Books, consensus: Consensus<Transfer>) {
    this.#self = self;
    this.#books = books;
    this.#consensus = consensus;
  }

  balance({ id, home }: Account): AccountBalance {
    const { accounts, queues } = this.#books;
    return {
      account: id,
      home,
      committed: accounts.committed(id),
      spendable: accounts.spendable(id),
      pending: queues.lengthOf(id),
    };
  }

  balanceMap(): BalanceMap {
    const balances = [...this.#books.accounts.all()].map((account) => this.balance(account));
    return { server: this.#self, height: this.#consensus.height, balances };
  }

  log(after = 0): LocalLog {
    return {
      server: this.#self,
      height: this.#consensus.height,
      entries: [...this.#consensus.log.after(after)],
      pending: [...this.#books.queues.all()].map((item) => item.transfer),
    };
  }

  status(undecided: number): LedgerStatus {
    const consensus = this.#consensus;
    return {
      server: this.#self,
      height: consensus.height,
      hash: consensus.hash,
      promised: consensus.promised,
      round: consensus.leading,
      logLength: consensus.log.length,
      pending: this.#books.queues.length,
      undecided,
      connected: [...consensus.linked].sort(compareNatural),
      ready: consensus.ready,
      disk: consensus.disk.identity,
      waits: consensus.disk.waits,
      catchingUp: consensus.catchingUp,
      missing: consensus.missing && { from: consensus.missing.from, to: consensus.missing.to },
    };
  }
}
