import { InvalidArgumentError } from 'commander';
import { parseUint64 } from '@synod/tokens/vocabulary';

/** Reads a count of things. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

/** Reads a count of things, from `least` to `most`. */
export function wholeNumberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = wholeNumber(text);
    if (n < least || n > most) throw new InvalidArgumentError(`From ${least} to ${most}.`);
    return n;
  };
}

/** Reads a part of a whole. */
export function share(text: string): number {
  const part = /^\d(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(part <= 1)) throw new InvalidArgumentError('A number from 0 to 1 is needed, for example 0.5.');
  return part;
}

/** Reads a count of things that must be one at least. */
export function countOf(things: string): (text: string) => number {
  return (text) => {
    const count = wholeNumber(text);
    if (count === 0) throw new InvalidArgumentError(`At least 1 of ${things} is needed.`);
    return count;
  };
}

/** Reads an amount of money; whether it is below 2^64 is seen where all balances are. */
export function amount(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 to 2^64-1 is needed.');
  return BigInt(text);
}

/** Reads a number of a token's domain. Its `SynodError` `invalid_argument` has the words of the wire. */
export function uint64(flag: string): (text: string) => bigint {
  return (text) => parseUint64(text, flag);
}

/** Reads a time in seconds as whole milliseconds. */
export function milliseconds({ least, most }: { readonly least: number; readonly most: number }) {
  return (text: string): number => {
    const seconds = /^\d{1,10}(\.\d{1,10})?$/.test(text) ? Number(text) : NaN;
    if (seconds >= least && seconds <= most) return Math.round(seconds * 1000);
    throw new InvalidArgumentError(`Seconds are needed, from ${least} to ${most}.`);
  };
}
