import { SynodError } from '@synod/kernel';
import type { Transfer } from '@synod/ledger';

/** As ledger_service.proto says of every name; in UTF-16 code units. */
const maxNameLength = 128;

/** The largest uint64. */
const maxAmount = 2n ** 64n - 1n;

/*
 * Control characters would forge lines in logs and terminals. U+FFFD is what a decoder makes of bytes that are not
 * UTF-8, and lone surrogates are what an encoder would turn into it: two such names could become one.
 */
const forbidden = /[\p{Cc}\p{Cs}\uFFFD]/u;

/** A name of an account, a server or a transfer. Throws `SynodError` `invalid_argument`, naming the field. */
export function checkName(name: string, field: string): string {
  if (name === '') throw invalid(field, 'is empty');
  if (name.length > maxNameLength) throw invalid(field, `is longer than ${maxNameLength} characters`);
  if (forbidden.test(name)) throw invalid(field, 'has control characters, or is not valid Unicode');
  return name;
}

/** Throws `SynodError` `invalid_argument`, naming the field. */
export function checkTransfer(transfer: Transfer, field: string): Transfer {
  checkName(transfer.id, `${field}.id`);
  checkName(transfer.from, `${field}.from`);
  checkName(transfer.to, `${field}.to`);
  const { amount } = transfer;
  if (typeof amount !== 'bigint') throw invalid(`${field}.amount`, 'is not a bigint');
  if (amount < 1n || amount > maxAmount) throw invalid(`${field}.amount`, 'is not in 1 to 2^64-1');
  return transfer;
}

function invalid(field: string, problem: string): SynodError {
  return new SynodError('invalid_argument', `${field} ${problem}`);
}
