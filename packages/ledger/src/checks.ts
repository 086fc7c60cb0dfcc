import { SynodError, type NodeId } from '@synod/kernel';
import type { Accounts } from './accounts.js';
import type { Transfer } from './transfer.js';

/** Longest id of a transfer, in UTF-16 code units. */
export const maxIdLength = 128;

/** The largest amount: 2^64-1. */
export const maxAmount = 0xffff_ffff_ffff_ffffn;

/**
 * What is refused and never logged: a transfer that could not be executed whatever the balances become.
 * Returns undefined if there is nothing to object to.
 */
export function objectionTo(transfer: Transfer, accounts: Accounts, self: NodeId): SynodError | undefined {
  const { id, from, to, amount } = transfer;
  if (id.length === 0 || id.length > maxIdLength)
    return invalid(`id: 1 to ${maxIdLength} characters, not ${id.length}`);
  const sender = accounts.get(from);
  if (!sender) return unknownAccount('from', from);
  if (!accounts.get(to)) return unknownAccount('to', to);
  if (from === to) return invalid(`to: ${to} can not pay itself`);
  if (amount < 1n) return invalid(`amount: a whole number from 1 on, not ${amount}`);
  if (amount > maxAmount) return invalid(`amount: at most 2^64-1, not ${amount}`);
  if (amount > accounts.total)
    return invalid(`amount: ${amount} is more than all accounts hold together, ${accounts.total}`);
  if (sender.home !== self) {
    return new SynodError('wrong_home', `${from}'s transfers are executed by ${sender.home}, not by ${self}`);
  }
  return undefined;
}

export function unknownAccount(field: string, account: string): SynodError {
  return new SynodError('unknown_account', `${field}: there is no account ${JSON.stringify(account)}`);
}

function invalid(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
