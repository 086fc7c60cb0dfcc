import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { InvariantError, SynodError, type ErrorCode } from '@synod/kernel';

/** Trailing metadata that carries a `SynodError` unchanged beside the gRPC status. */
const codeKey = 'synod-code';
const definiteKey = 'synod-definite';

/** What a client that knows only gRPC sees of each error. */
const statusOf: Readonly<Record<ErrorCode, status>> = {
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

/** What a status means that gRPC itself made. `UNIMPLEMENTED`: whoever answers is no Synod server. */
const codeOf: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.INVALID_ARGUMENT]: 'invalid_argument',
  [status.UNIMPLEMENTED]: 'refused',
  [status.PERMISSION_DENIED]: 'refused',
  [status.UNAUTHENTICATED]: 'refused',
  [status.RESOURCE_EXHAUSTED]: 'resource_exhausted',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DEADLINE_EXCEEDED]: 'deadline',
  [status.CANCELLED]: 'cancelled',
};

/** Codes of another version read as `internal`. */
export function readCode(code: string): ErrorCode {
  return isCode(code) ? code : 'internal';
}

/** An error as gRPC servers send it. */
export type StatusWithMetadata = Pick<ServiceError, 'code' | 'details' | 'metadata'>;

/** Throws on: a broken invariant stops the process, it is no answer. */
export function asSynodError(error: unknown): SynodError {
  if (error instanceof InvariantError) throw error;
  if (error instanceof SynodError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SynodError('internal', message, { definite: false, cause: error });
}

export function toStatus(error: unknown): StatusWithMetadata {
  const { code, message, definite } = asSynodError(error);
  const metadata = new Metadata();
  metadata.set(codeKey, code);
  metadata.set(definiteKey, String(definite));
  return { code: statusOf[code], details: message, metadata };
}

/** The code of the `SynodError` that a status carries; undefined if it carries none. */
export function codeIn(metadata: Metadata): ErrorCode | undefined {
  const [code] = metadata.get(codeKey);
  return typeof code === 'string' ? readCode(code) : undefined;
}

export interface Failed {
  /** The call changes nothing: whatever went wrong, nothing happened. */
  readonly readOnly: boolean;
  /** This side gave up. */
  readonly cancelled: boolean;
}

/** The error of a call that was sent. */
export function fromServiceError(error: ServiceError, { readOnly, cancelled }: Failed): SynodError {
  const code = codeIn(error.metadata);
  if (code !== undefined) {
    const definite = error.metadata.get(definiteKey)[0] === 'true';
    return new SynodError(code, error.details, { definite: definite || readOnly, cause: error });
  }
  // A stream that is reset reads as cancelled, whoever reset it.
  const reset = error.code === status.CANCELLED && !cancelled;
  const meaning = reset ? 'unavailable' : (codeOf[error.code] ?? 'internal');
  // Whoever does not know the method has done nothing.
  const definite = readOnly || error.code === status.UNIMPLEMENTED;
  return new SynodError(meaning, error.details, { definite, cause: error });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(statusOf, code);
}
