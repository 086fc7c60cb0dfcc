import { SynodError } from '@synod/kernel';
import type { ReadResult, Tag } from '@synod/register';
import { asBuffer } from '../codec/as-buffer.js';
import { readTag, writeTag } from '../codec/register-types.js';
import { reject, required } from '../codec/wire-checks.js';
import { readFailure, writeFailure } from '../errors/failure-wire.js';
import { asSynodError } from '../errors/wire-errors.js';
import type * as wire from '../gen/synod/register/v1/register_service.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';
import { checkKey, checkValue } from './register-checks.js';

/*
 * Operations of registers and how they ended, as synod/register/v1/register_service.proto. What reads a request throws
 * `SynodError` `invalid_argument`, naming the field.
 */

export function writeOperation(operation: RegisterOperation): wire.Operation {
  const key = checkKey(operation.key);
  switch (operation.type) {
    case 'read':
    case 'delete':
      return { operation: { $case: operation.type, value: { key } } };
    case 'write':
      return { operation: { $case: 'write', value: { key, value: asBuffer(checkValue(operation.value)) } } };
  }
}

export function readOperation({ operation }: wire.Operation): RegisterOperation {
  const { $case: type, value } = required(operation, 'operation');
  const key = checkKey(value.key);
  return type === 'write' ? { type, key, value: checkValue(value.value) } : { type, key };
}

export function writeResult(result: OperationOutcome | SynodError): wire.OperationResult {
  if (result instanceof SynodError) return { result: { $case: 'failure', value: writeFailure(result) } };
  return result.type === 'value'
    ? { result: { $case: 'read', value: writeRead(result) } }
    : { result: { $case: 'written', value: writeWritten(result) } };
}

/** Never throws: what makes no sense is an `internal` error, and nobody knows what happened. */
export function readResult(from: wire.OperationResult | undefined): OperationOutcome | SynodError {
  const result = from?.result;
  try {
    switch (result?.$case) {
      case 'read':
        return readRead(result.value);
      case 'written':
        return { type: 'written', tag: readWritten(result.value) };
      case 'failure':
        return readFailure(result.value);
      default:
        return reject('result', 'is missing');
    }
  } catch (error) {
    return new SynodError('internal', asSynodError(error).message, { definite: false, cause: error });
  }
}

export function writeRead({ value, tag }: Omit<ReadResult, 'type'>): wire.ReadResponse {
  return { value: value && asBuffer(value), tag: tag && writeTag(tag) };
}

export function readRead({ value, tag }: wire.ReadResponse): ReadResult {
  return { type: 'value', value, tag: tag && readTag(tag, 'tag') };
}

export function writeWritten({ tag }: { readonly tag: Tag }): wire.WriteResponse {
  return { tag: writeTag(tag) };
}

export function readWritten({ tag }: { readonly tag?: wire.WriteResponse['tag'] }): Tag {
  return readTag(required(tag, 'tag'), 'tag');
}
