import type { Submission } from '@synod/transport/client';
import type { Hedging } from './hedging.js';
import type { ServerLink } from './server-link.js';

/** One operation on its way to one server. */
export interface Try {
  readonly link: ServerLink;
  readonly sentAt: number;
  /** It went out while another one of the same operation was under way. */
  readonly isHedge: boolean;
  submission: Submission | undefined;
}

/** The tries of one operation that are under way, oldest first: one, but for reads that are hedged. */
export class Tries {
  readonly #hedging: Hedging;
  readonly underWay: Try[] = [];

  constructor(hedging: Hedging) {
    this.#hedging = hedging;
  }

  begin(link: ServerLink, sentAt: number): Try {
    const isHedge = this.underWay.length > 0;
    if (isHedge) this.#hedging.underWay++;
    const begun: Try = { link, sentAt, isHedge, submission: undefined };
    this.underWay.push(begun);
    return begun;
  }

  /** It has ended. */
  end(ended: Try): void {
    this.underWay.splice(this.underWay.indexOf(ended), 1);
    if (ended.isHedge) this.#hedging.underWay--;
  }

  /** Withdraws one. Answers whether it may have reached its server. */
  withdraw(withdrawn: Try): boolean {
    this.end(withdrawn);
    const neverSent = withdrawn.submission?.withdraw() ?? true;
    return !neverSent;
  }

  /** Withdraws all. Answers whether one of them may have reached its server. */
  withdrawAll(): boolean {
    let sent = false;
    for (let last = this.underWay.at(-1); last; last = this.underWay.at(-1)) sent = this.withdraw(last) || sent;
    return sent;
  }
}
