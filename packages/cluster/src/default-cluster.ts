import { SynodError } from '@synod/kernel';
import { checkCluster } from './check-cluster.js';
import type { Cluster } from './cluster.js';
import { maxServers } from './schema.js';

export interface DefaultClusterOptions {
  /** `host:port` of each server in turn. */
  readonly addresses: readonly string[];
  /** `host:port` of each server's health and metrics in turn; none by default. */
  readonly admin?: readonly string[];
  /** Initial balance of each account; 100 by default. */
  readonly initial?: bigint;
  /** `synod` by default. */
  readonly id?: string;
}

/**
 * A cluster of servers S1 to S`count`, each the home of one account of its own name. Throws `SynodError` `config`
 * like a file that says the same.
 */
export function defaultCluster(count: number, { addresses, admin, initial, id }: DefaultClusterOptions): Cluster {
  if (!Number.isInteger(count) || count < 1 || count > maxServers) {
    throw new SynodError('config', `${count} servers: a cluster has 1 to ${maxServers}`);
  }
  for (const [field, list] of Object.entries({ addresses, admin })) {
    if (list && list.length !== count) {
      throw new SynodError('config', `${field}: ${list.length} given for ${count} servers: give one for each`);
    }
  }
  const servers = addresses.map((address, i) => ({ id: `S${i + 1}`, address, admin: admin?.[i] }));
  return checkCluster({ cluster: id ?? 'synod', servers, ledger: { initial: initial?.toString() } }, 'default cluster');
}
