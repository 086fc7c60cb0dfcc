import { SynodError } from '@synod/kernel';

const maxUint64 = 2n ** 64n - 1n;

/** Reads decimal text as an unsigned 64-bit number, exactly. `field` begins the message of its `invalid_argument`. */
export function parseUint64(text: string, field: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > maxUint64) throw notUint64(field, text);
  return BigInt(text);
}

/** Throws `invalid_argument` unless the number fits 64 bits without sign. */
export function checkUint64(value: bigint, field: string): void {
  if (value < 0n || value > maxUint64) throw notUint64(field, `${value}`);
}

function notUint64(field: string, text: string): SynodError {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return new SynodError('invalid_argument', `${field}: ${shown} is not a whole number from 0 to ${maxUint64}`);
}
