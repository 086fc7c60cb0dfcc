import type { Cluster, ClusterServer } from '@synod/cluster';
import { SynodError, type NodeId } from '@synod/kernel';
import type { LogLevel } from './observation/log.js';

/** How a server runs, whatever it serves. */
export interface RunOptions {
  /** Holds the store and the log; made if it is absent. */
  readonly dataDirectory: string;
  /** `host:port` to bind. Default: the server's address in `cluster`. */
  readonly listen?: string;
  /** Lets clients of the admin service lose messages and kill the process at a failpoint. Default false. */
  readonly allowFaults?: boolean;
  /** Failpoints armed from the start, `name` or `name:hits`. Needs `allowFaults`. */
  readonly failpoints?: readonly string[];
  /** `none`: without links to peers until the admin service is told otherwise. Default `all`. */
  readonly links?: 'all' | 'none';
  /** What is logged. Default `info`. */
  readonly logLevel?: LogLevel;
  /** Whether the log goes to standard output as well. Default false. */
  readonly console?: boolean;
}

export interface ServerOptions extends RunOptions {
  /** Whose member the server is. */
  readonly cluster: Pick<Cluster, 'id' | 'servers'>;
  /** Which of its servers this one is. */
  readonly id: NodeId;
}

/**
 * Returns what the cluster says about the server. Throws `SynodError` `config`, one line naming the option and what
 * would be right.
 */
export function checkOptions(options: ServerOptions): ClusterServer {
  const { cluster, id, dataDirectory, listen, failpoints = [], allowFaults } = options;
  const names = cluster.servers.map((server) => server.id);
  const own = cluster.servers.find((server) => server.id === id);
  if (!own) {
    throw wrong('id', `there is no server ${JSON.stringify(id)} in cluster ${cluster.id}: write ${names.join(', ')}`);
  }
  if (dataDirectory === '') throw wrong('data', 'is empty: write the path of a directory');
  if (listen !== undefined) checkListen(listen, names.length);
  if (failpoints.length > 0 && !allowFaults) throw wrong('failpoint', 'needs --allow-faults');
  return own;
}

function checkListen(listen: string, servers: number): void {
  const port = Number(/^.+:(\d{1,5})$/.exec(listen)?.[1]);
  if (!(port <= 65_535))
    throw wrong('listen', `${JSON.stringify(listen)} is not host:port, for example 127.0.0.1:7001`);
  if (port === 0 && servers > 1) throw wrong('listen', 'port 0 takes any port: the other servers could not find it');
}

function wrong(option: string, what: string): SynodError {
  return new SynodError('config', `--${option}: ${what}`);
}
