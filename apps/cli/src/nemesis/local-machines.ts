import type { NodeId } from '@synod/kernel';
import type { AdminConnection } from '@synod/transport/client';

/** Servers that are processes of this machine, whatever they serve. */
export interface LocalMachines {
  /** In natural order. */
  readonly servers: readonly NodeId[];
  isRunning(server: NodeId): boolean;
  /** Starts it on its data directory; waits for nothing. */
  launch(server: NodeId, flags?: readonly string[]): void;
  /** SIGKILL. */
  crash(server: NodeId): Promise<void>;
  /** SIGSTOP. */
  pause(server: NodeId): void;
  /** SIGCONT. */
  resume(server: NodeId): void;
  admin(server: NodeId): AdminConnection;
  directoryOf(server: NodeId): string;
  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string>;
  /** Of the process that ended last, if it was not killed. */
  exitCodeOf(server: NodeId): number | undefined;
  /** Resolves when the server tells how it is, or has ended before. */
  untilAnswering(server: NodeId): Promise<void>;
  /** Resolves when the server takes part in all that it should, or has ended before. */
  untilTakingPart(server: NodeId): Promise<void>;
}
