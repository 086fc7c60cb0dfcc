import { SynodError } from '@synod/kernel';
import type { Hashed } from './arg-min.js';
import type { Domain } from './domain.js';

/** A token as it is read. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  /** The least hash of [low, mid); undefined when low = mid. */
  readonly partial: Hashed | undefined;
  /** The least hash of [low, high). */
  readonly final: Hashed;
}

const maxIdBytes = 256;
const maxNameBytes = 1024;

/**
 * Throws `invalid_argument` unless the id is text of 1 to 256 bytes in UTF-8 without control characters. Slashes, `..`
 * and `__proto__` are ids like any other: no path and no property is ever named after one.
 */
export function checkId(id: string): void {
  if (id === '') throw new SynodError('invalid_argument', 'id: is empty');
  checkText(id, 'id', maxIdBytes);
  if (/\p{Cc}/u.test(id)) throw new SynodError('invalid_argument', 'id: holds a control character');
}

/** Throws `invalid_argument` unless the name is text of at most 1024 bytes in UTF-8. Any character may stand in it. */
export function checkName(name: string): void {
  checkText(name, 'name', maxNameBytes);
}

function checkText(text: string, field: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new SynodError('invalid_argument', `${field}: has ${bytes} bytes: at most ${maxBytes}`);
  if (/\p{Surrogate}/u.test(text)) throw new SynodError('invalid_argument', `${field}: is not well-formed Unicode`);
}
