import { invariant, SynodError } from '@synod/kernel';
import { asBuffer } from './as-buffer.js';

/*
 * Protobuf decoding is lenient: a field that is missing reads as zero, an empty text or undefined. What came over
 * the wire passes through these checks before anybody believes it. `field` names the place for people.
 */

/** Throws `SynodError` `invalid_argument`. */
export function reject(field: string, problem: string): never {
  throw new SynodError('invalid_argument', `${field} ${problem}`);
}

export function required<T>(value: T | undefined, field: string): T {
  return value ?? reject(field, 'is missing');
}

export function nonEmpty(text: string, field: string): string {
  return text === '' ? reject(field, 'is empty') : text;
}

/** A whole number from 1. (Decoding itself refuses what is above 2^53-1.) */
export function positive(value: number, field: string): number {
  return value < 1 ? reject(field, 'must be at least 1') : value;
}

/** Bytes of a fixed length, as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array, length: number, field: string): string {
  if (bytes.length !== length) reject(field, `has ${bytes.length} bytes instead of ${length}`);
  return asBuffer(bytes).toString('hex');
}

/** The other way: `text` is hexadecimal, `length` bytes. */
export function unhex(text: string, length: number): Buffer {
  const bytes = Buffer.from(text, 'hex');
  invariant(bytes.length === length && text.length === 2 * length, `'${text}' is hexadecimal for ${length} bytes`);
  return bytes;
}
