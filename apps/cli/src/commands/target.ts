import { connect, type CallOptions, type ConnectOptions, type SynodClient } from '@synod/client';
import { SynodError } from '@synod/kernel';
import { ServerConnection } from '@synod/transport/client';

/** Where a request goes. */
export type Target = ({ readonly kind: 'server' } & ServerTarget) | ({ readonly kind: 'cluster' } & ClusterTarget);

/** Exactly one server. */
export interface ServerTarget {
  /** `host:port` */
  readonly address: string;
  /** How long its answer is waited for. */
  readonly timeoutMs: number;
}

/** Whichever server of a cluster is right. */
interface ClusterTarget extends Pick<ConnectOptions, 'servers' | 'cluster'> {
  readonly timeoutMs: number;
}

/** How one request is made, by where it goes. */
export interface Ways<T> {
  /** Of exactly that server: its answer, or its error. */
  readonly server: (calls: ServerConnection, options: CallOptions) => Promise<T>;
  /** Of the server that is right for it. */
  readonly cluster: (client: SynodClient, options: CallOptions) => Promise<T>;
}

/** Makes one request, and leaves no connection behind. */
export async function reach<T>(target: Target, ways: Ways<T>): Promise<T> {
  if (target.kind === 'server') return reachServer(target, ways.server);
  const client = connect(target);
  try {
    return await ways.cluster(client, { timeoutMs: target.timeoutMs });
  } finally {
    client.close();
  }
}

/** Makes one request of exactly this server. */
export async function reachServer<T>({ address, timeoutMs }: ServerTarget, make: Ways<T>['server']): Promise<T> {
  const calls = new ServerConnection(address);
  try {
    return await make(calls, { timeoutMs });
  } catch (error) {
    throw error instanceof SynodError ? withAddress(error, address, timeoutMs) : error;
  } finally {
    calls.close();
  }
}

/** What a server answers is told as it is. Where none has answered, gRPC does not say which. */
function withAddress(error: SynodError, address: string, timeoutMs: number): SynodError {
  const { code, message, definite } = error;
  const again = (words: string) => new SynodError(code, words, { definite, cause: error });
  if (code === 'deadline') return again(`${address} did not answer in ${timeoutMs / 1000} s`);
  return code === 'unavailable' && !message.includes(address) ? again(`${address}: ${message}`) : error;
}
