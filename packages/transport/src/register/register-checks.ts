import { isText, type ConsultCommand } from '@synod/register';
import { reject } from '../codec/wire-checks.js';
import type { RegisterOperation } from './operation.js';

/** As register_service.proto says of every key; in UTF-16 code units. */
const maxKeyLength = 512;
const maxValueBytes = 1024 * 1024;
/** Of which one message asks. */
export const maxConsultKeys = 1_000;

/**
 * U+FFFD is what a decoder makes of bytes that are not UTF-8, and lone surrogates are what an encoder would turn into
 * it: two such keys could become one. Throws `SynodError` `invalid_argument`, naming the field.
 */
export function checkKey(key: string, field = 'key'): string {
  if (key === '') reject(field, 'is empty');
  if (key.length > maxKeyLength) reject(field, `is longer than ${maxKeyLength} characters`);
  if (!isText(key)) reject(field, 'is not valid Unicode');
  return key;
}

/** Throws `SynodError` `invalid_argument`. */
export function checkValue(value: Uint8Array): Uint8Array {
  return value.length > maxValueBytes ? reject('value', `has ${value.length} bytes: at most ${maxValueBytes}`) : value;
}

/** Throws `SynodError` `invalid_argument`, naming the field. */
export function checkOperation(operation: RegisterOperation): RegisterOperation {
  if (operation.type === 'consult') return checkConsult(operation);
  checkKey(operation.key);
  if (operation.type === 'write') checkValue(operation.value);
  return operation;
}

/** Each key is for itself: nothing is said of one that can not be. */
function checkConsult(consult: ConsultCommand): ConsultCommand {
  const { length } = consult.keys;
  return length >= 1 && length <= maxConsultKeys ? consult : reject('keys', `are ${length}: 1 to ${maxConsultKeys}`);
}
