import { SynodError } from '@synod/kernel';

/** As register_service.proto says of every key; in UTF-16 code units. */
const maxKeyLength = 512;
const maxValueBytes = 1024 * 1024;

/**
 * U+FFFD is what a decoder makes of bytes that are not UTF-8, and lone surrogates are what an encoder would turn into
 * it: two such keys could become one. Throws `SynodError` `invalid_argument`.
 */
export function checkKey(key: string): string {
  if (key === '') throw invalid('key is empty');
  if (key.length > maxKeyLength) throw invalid(`key is longer than ${maxKeyLength} characters`);
  if (/[\p{Cs}\uFFFD]/u.test(key)) throw invalid('key is not valid Unicode');
  return key;
}

/** Throws `SynodError` `invalid_argument`. */
export function checkValue(value: Uint8Array): Uint8Array {
  if (value.length > maxValueBytes) throw invalid(`value has ${value.length} bytes: at most ${maxValueBytes}`);
  return value;
}

function invalid(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
