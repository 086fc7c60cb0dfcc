import type { CallObserver } from '@synod/kernel';
import type { GrpcService } from './grpc-service.js';
import type { GrpcLimits } from './limits.js';

export interface GrpcHostOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly services: readonly GrpcService[];
  /** Clients that name another cluster are refused. */
  readonly cluster?: string;
  readonly calls?: CallObserver;
  readonly limits?: Partial<GrpcLimits>;
}

/** A listening gRPC server, with health and reflection. */
export declare class GrpcHost {
  /** Rejects with `SynodError` `config`, naming the address, when it cannot be had. */
  static listen(options: GrpcHostOptions): Promise<GrpcHost>;
  /** `host:port`, with the port that was taken. */
  readonly address: string;
  readonly port: number;
  /** What the health service answers for every service; `true` from the start. */
  setServing(serving: boolean): void;
  /** Refuses new calls, ends streams, lets running calls finish for at most `graceMs` (default 2,000). */
  close(graceMs?: number): Promise<void>;
}
