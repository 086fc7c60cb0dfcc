import { quorumSize, SynodError, type NodeId } from '@synod/kernel';
import type { Account, Accounts } from './accounts.js';
import type { GatherFrom, Transfer } from './transfer.js';

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
  if (!isName(id)) return invalid('id: not well-formed Unicode, so it could not be kept');
  const sender = accounts.get(from);
  if (!sender) return unknownAccount('from', from);
  if (!accounts.get(to)) return unknownAccount('to', to);
  if (from === to) return invalid(`to: ${to} can not pay itself`);
  if (amount < 1n) return invalid(`amount: a whole number from 1 on, not ${amount}`);
  if (amount > maxAmount) return invalid(`amount: at most 2^64-1, not ${amount}`);
  if (amount > accounts.total)
    return invalid(`amount: ${amount} is more than all accounts hold together, ${accounts.total}`);
  return sender.home === self ? undefined : wrongHome(sender, self);
}

/** A round can gather from members only: waiting for a stranger would fail after all others have answered. */
export function objectionToGather(gather: GatherFrom, members: readonly NodeId[]): SynodError | undefined {
  const stranger = gather?.find((server) => !members.includes(server));
  if (stranger === undefined) return undefined;
  return new SynodError('unknown_server', `gather: there is no server ${JSON.stringify(stranger)}`);
}

/** Whether the servers that a round must gather from are too few for one. */
export function isMinority(gather: GatherFrom, members: readonly NodeId[]): boolean {
  return gather !== undefined && new Set(gather).size < quorumSize(members.length);
}

/** Whether the text survives storage: a lone surrogate has no UTF-8. */
export function isName(text: string): boolean {
  return text.length > 0 && !/\p{Surrogate}/u.test(text);
}

export function wrongHome({ id, home }: Account, self: NodeId): SynodError {
  return new SynodError('wrong_home', `${id}'s transfers are executed by ${home}, not by ${self}`);
}

export function unknownAccount(field: string, account: string): SynodError {
  return new SynodError('unknown_account', `${field}: there is no account ${JSON.stringify(account)}`);
}

function invalid(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
