import { hash } from 'node:crypto';

/** H(name, x): the first 8 bytes, big-endian, of SHA-256(name + " " + decimal x) (docs/registers.md). */
export function hashOf(name: string, x: bigint): bigint {
  return BigInt(`0x${hash('sha256', `${name} ${x}`, 'hex').slice(0, hexDigits)}`);
}

/** Hexadecimal digits of 8 bytes. */
export const hexDigits = 16;
