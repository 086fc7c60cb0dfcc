import { SynodError } from '@synod/kernel';
import type { ReadResult, ReplicaReply, Tag, Timestamp } from '@synod/register';
import { asBuffer } from '../codec/as-buffer.js';
import { readTag, writeTag } from '../codec/register-types.js';
import { hex, positive, reject, required } from '../codec/wire-checks.js';
import { readFailure } from '../errors/failure-wire.js';
import { asSynodError } from '../errors/wire-errors.js';
import type * as wire from '../gen/synod/register/v1/register_service.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';

/*
 * Operations of registers and how they ended, between synod/register/v1/register_service.proto as generated code has it
 * and what the rest of the code knows.
 */

/** Unchecked, so that nonsense fails alone and not with what it travelled with. */
export function readOperation({ $case: type, value }: NonNullable<wire.Operation['operation']>): RegisterOperation {
  switch (type) {
    case 'write':
      return { type, key: value.key, value: value.value };
    case 'consult':
      return { type, keys: value.keys, timestampOnly: value.timestampOnly };
    default:
      return { type, key: value.key };
  }
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
      case 'consulted':
        return { type: 'consulted', replies: result.value.replies.map(readReply) };
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

/** One with nothing in it says nothing. */
function readReply({ value, tag, incarnation, replicas, basis }: wire.ReplicaReply): ReplicaReply | undefined {
  if (!value && !tag && incarnation.length === 0 && replicas === 0 && basis.length === 0) return undefined;
  return {
    value,
    timestamp: tag && readTimestamp(tag, incarnation),
    replicas: positive(replicas, 'replicas'),
    basis: hex(basis, 8, 'basis'),
  };
}

function readTimestamp(tag: NonNullable<wire.ReplicaReply['tag']>, incarnation: Uint8Array): Timestamp {
  const [counter, writer] = readTag(tag, 'tag');
  return { counter, writer, incarnation: hex(incarnation, 8, 'incarnation') };
}

export function writeWritten({ tag }: { readonly tag: Tag }): wire.WriteResponse {
  return { tag: writeTag(tag) };
}

export function readWritten({ tag }: { readonly tag?: wire.WriteResponse['tag'] }): Tag {
  return readTag(required(tag, 'tag'), 'tag');
}
