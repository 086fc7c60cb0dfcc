import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { InvariantError, SynodError, type ErrorCode } from '@synod/kernel';
import { fromServiceError, toStatus } from './wire-errors.js';

const change = { readOnly: false, cancelled: false };

function overTheWire(error: unknown): ServiceError {
  return Object.assign(new Error('grpc'), toStatus(error));
}

function plain(code: status): ServiceError {
  return Object.assign(new Error('grpc'), { code, details: 'words', metadata: new Metadata() });
}

describe('a SynodError', () => {
  const table: Record<ErrorCode, status> = {
    invalid_argument: status.INVALID_ARGUMENT,
    unknown_server: status.NOT_FOUND,
    unknown_account: status.NOT_FOUND,
    wrong_home: status.FAILED_PRECONDITION,
    unknown_key: status.NOT_FOUND,
    unknown_token: status.NOT_FOUND,
    unauthorised: status.PERMISSION_DENIED,
    exists: status.ALREADY_EXISTS,
    dropped: status.NOT_FOUND,
    never_written: status.FAILED_PRECONDITION,
    id_conflict: status.ALREADY_EXISTS,
    not_ready: status.UNAVAILABLE,
    no_quorum: status.UNAVAILABLE,
    disk_lost: status.FAILED_PRECONDITION,
    disk_cut: status.FAILED_PRECONDITION,
    replaced: status.FAILED_PRECONDITION,
    corrupt: status.DATA_LOSS,
    storage_failed: status.INTERNAL,
    config: status.FAILED_PRECONDITION,
    refused: status.PERMISSION_DENIED,
    resource_exhausted: status.RESOURCE_EXHAUSTED,
    unavailable: status.UNAVAILABLE,
    deadline: status.DEADLINE_EXCEEDED,
    cancelled: status.CANCELLED,
    internal: status.INTERNAL,
  };

  test.each(Object.entries(table))('%s crosses the wire with its status and comes back the same', (code, expected) => {
    for (const definite of [true, false]) {
      const sent = overTheWire(new SynodError(code as ErrorCode, 'why', { definite }));
      expect(sent.code).toBe(expected);
      expect(fromServiceError(sent, change)).toMatchObject({ code, message: 'why', definite });
    }
  });

  test('of a call that changes nothing is always definite', () => {
    const sent = overTheWire(new SynodError('no_quorum', 'why', { definite: false }));
    expect(fromServiceError(sent, { readOnly: true, cancelled: false }).definite).toBe(true);
  });

  test('of a newer version reads as internal', () => {
    const sent = overTheWire(new SynodError('internal', 'why'));
    sent.metadata.set('synod-code', 'toString');
    expect(fromServiceError(sent, change).code).toBe('internal');
  });
});

describe('an error that gRPC itself made', () => {
  test.each([
    [status.UNAVAILABLE, 'unavailable'],
    [status.DEADLINE_EXCEEDED, 'deadline'],
    [status.RESOURCE_EXHAUSTED, 'resource_exhausted'],
    [status.UNKNOWN, 'internal'],
  ])('status %s reads as %s, and may have happened', (code, expected) => {
    expect(fromServiceError(plain(code), change)).toMatchObject({ code: expected, definite: false });
  });

  test('of a method that the other side does not know is definite: nothing was done', () => {
    expect(fromServiceError(plain(status.UNIMPLEMENTED), change)).toMatchObject({ code: 'refused', definite: true });
  });

  test('a cancellation that this side did not ask for is a lost server', () => {
    expect(fromServiceError(plain(status.CANCELLED), { ...change, cancelled: true }).code).toBe('cancelled');
    expect(fromServiceError(plain(status.CANCELLED), change).code).toBe('unavailable');
  });
});

test('an unforeseen error is answered as internal and indefinite, a broken invariant not at all', () => {
  expect(fromServiceError(overTheWire(new TypeError('oops')), change)).toMatchObject({
    code: 'internal',
    message: 'oops',
    definite: false,
  });
  expect(() => toStatus(new InvariantError('broken'))).toThrow(InvariantError);
});
