import type { NodeId } from '@synod/kernel';
import type { Facts, PerformanceFacts } from './facts.js';

/** What can be asked of any server, whatever it serves. Every method rejects with `SynodError`. */
export interface ServerCommands {
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly forecast: ServerForecast;
  /** Their processes were started here: they can be killed and started. */
  readonly hasProcesses: boolean;
  /** The last `recent` requests one by one. */
  performance(server: NodeId, recent: number): Promise<PerformanceFacts>;
  crash(server: NodeId): Promise<Facts>;
  restart(server: NodeId): Promise<Facts>;
  disconnect(server: NodeId): Promise<Facts>;
  connect(server: NodeId): Promise<Facts>;
}

/** What these would do now, in one line; they throw `SynodError` for what is known to be refused. */
export interface ServerForecast {
  crash(server: NodeId): string;
  restart(server: NodeId): string;
  disconnect(server: NodeId): string;
  connect(server: NodeId): string;
}

/** Processes of servers on this machine. */
export interface Processes {
  /** SIGKILL. */
  crash(server: NodeId): Promise<void>;
  /** Starts it on its data, and waits until it takes part. */
  restart(server: NodeId): Promise<void>;
}
