/**
 * A call as far as it can end: with its answer read, or with its caller gone. However it ends, grpc-js says that it was
 * cancelled. (Not an `AbortSignal`: making one for every call, and an error to abort it with, took a fifth of its time.)
 */
export interface OpenCall {
  readonly cancelled: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
  off(event: 'cancelled', listener: () => void): unknown;
}
