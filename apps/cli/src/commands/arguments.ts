import { InvalidArgumentError } from 'commander';

/** Reads a count of things. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

/** Reads an amount of money; whether it is below 2^64 is seen where all balances are. */
export function amount(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 to 2^64-1 is needed.');
  return BigInt(text);
}
