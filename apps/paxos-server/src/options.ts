import type { Cluster } from '@synod/cluster';
import type { ServerOptions } from '@synod/server';

export interface PaxosServerOptions extends ServerOptions {
  /** What `loadCluster` of `@synod/cluster` reads from `cluster.yaml`. */
  readonly cluster: Cluster;
  /** Waits, with an empty data directory, to be accepted in the place of the server `id`. Default false. */
  readonly replacement?: boolean;
  /** `on-request`: no round is started for a queue unless a client asks. Default `automatic`. */
  readonly queueRounds?: 'automatic' | 'on-request';
  /** A peer that lacks more committed entries than these is sent a snapshot instead of their blocks. Default 1,048,576. */
  readonly snapshotEntries?: number;
}
