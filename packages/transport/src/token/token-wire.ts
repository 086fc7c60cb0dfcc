import { SynodError } from '@synod/kernel';
import { checkDomain, checkId, checkName } from '@synod/tokens/vocabulary';
import { readTag, writeTag } from '../codec/register-types.js';
import { reject, required } from '../codec/wire-checks.js';
import { readFailure, writeFailure } from '../errors/failure-wire.js';
import { asSynodError } from '../errors/wire-errors.js';
import type * as wire from '../gen/synod/token/v1/token_service.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import type { TokenRead, TokenWrite } from './token-backend.js';

/*
 * Operations of tokens and how they ended, as synod/token/v1/token_service.proto. What reads a request throws
 * `SynodError` `invalid_argument`, naming the field.
 */

export function writeOperation(operation: TokenOperation): wire.Operation {
  if (operation.type === 'write') {
    const { id, name, domain } = checkWrite(operation);
    return { operation: { $case: 'write', value: { id, name, domain } } };
  }
  return { operation: { $case: operation.type, value: { id: idOf(operation.id) } } };
}

export function readOperation({ operation }: wire.Operation): TokenOperation {
  const { $case: type, value } = required(operation, 'operation');
  if (type !== 'write') return { type, id: idOf(value.id) };
  const { id, name, domain } = value;
  return { type, ...checkWrite({ id, name, domain: required(domain, 'domain') }) };
}

/**
 * Throws `SynodError` `invalid_argument`. U+FFFD is what a decoder makes of bytes that are not UTF-8: the token would
 * have another name, and other hashes, than was asked for.
 */
export function checkWrite({ id, name, domain }: TokenWrite): TokenWrite {
  checkName(name);
  if (name.includes('\uFFFD')) reject('name:', 'is not valid Unicode');
  checkDomain(domain);
  return { id: idOf(id), name, domain };
}

/** Throws `SynodError` `invalid_argument`. */
export function idOf(id: string): string {
  checkId(id);
  return id;
}

export function writeResult(result: TokenOutcome | SynodError): wire.OperationResult {
  return { result: result instanceof SynodError ? { $case: 'failure', value: writeFailure(result) } : cased(result) };
}

/** Never throws: what makes no sense is an `internal` error, and nobody knows what happened. */
export function readResult(from: wire.OperationResult | undefined): TokenOutcome | SynodError {
  const result = from?.result;
  try {
    switch (result?.$case) {
      case 'created':
      case 'dropped':
        return { type: result.$case, ...readChanged(result.value) };
      case 'written':
        return { type: 'written', partial: result.value.partial, ...readChanged(result.value) };
      case 'read':
        return { type: 'read', ...readRead(result.value) };
      case 'failure':
        return readFailure(result.value);
      default:
        return reject('result', 'is missing');
    }
  } catch (error) {
    return new SynodError('internal', asSynodError(error).message, { definite: false, cause: error });
  }
}

export function writeRead({ token, tag }: TokenRead): wire.ReadResponse {
  return { ...token, tag: writeTag(tag) };
}

export function readRead({ id, name, domain, partial, final, tag }: wire.ReadResponse): TokenRead {
  const token = { id, name, domain: required(domain, 'domain'), partial, final: required(final, 'final') };
  return { token, ...readChanged({ tag }) };
}

export function readChanged({ tag }: { readonly tag?: wire.CreateResponse['tag'] }): Pick<TokenRead, 'tag'> {
  return { tag: readTag(required(tag, 'tag'), 'tag') };
}

function cased(outcome: TokenOutcome): wire.OperationResult['result'] {
  const tag = writeTag(outcome.tag);
  switch (outcome.type) {
    case 'created':
    case 'dropped':
      return { $case: outcome.type, value: { tag } };
    case 'written':
      return { $case: 'written', value: { partial: outcome.partial, tag } };
    case 'read':
      return { $case: 'read', value: writeRead(outcome) };
  }
}
