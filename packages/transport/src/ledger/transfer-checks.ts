import { SynodError } from '@synod/kernel';
import { maxAmount, maxIdLength, type Transfer } from '@synod/ledger';

/*
 * Control characters would forge lines in logs and terminals. U+FFFD is what a decoder makes of bytes that are not
 * UTF-8, and lone surrogates are what an encoder would turn into it: two such names could become one.
 */
const forbidden = /[\p{Cc}\p{Cs}\uFFFD]/u;

/**
 * A name of an account, a server or a transfer: on the wire all are at most as long as an id.
 * Throws `SynodError` `invalid_argument`, naming the field.
 */
export function checkName(name: string, field: string): string {
  if (name === '') throw invalid(field, 'is empty');
  if (name.length > maxIdLength) throw invalid(field, `is longer than ${maxIdLength} characters`);
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
