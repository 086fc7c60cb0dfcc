import type { LocalLog, Transfer } from '@synod/ledger';

/** The transfers that head the queue of their account on one server, and have their money: there must be none. */
export function coveredHeads({ pending }: LocalLog, spendable: (account: string) => bigint): Transfer[] {
  const heads = pending.filter(({ from }, i) => pending.findIndex((other) => other.from === from) === i);
  return heads.filter(({ from, amount }) => spendable(from) >= amount);
}
