import { hash } from 'node:crypto';
import { ByteWriter } from '@synod/kernel';
import type { AccountConfig, Cluster } from './cluster.js';

/**
 * What stands before the first block of a ledger: hexadecimal SHA-256 of the cluster's id and of every account's id,
 * home and initial balance. Two ledgers that begin differently share no block.
 * `accounts` are in natural order.
 */
export function genesis(clusterId: string, accounts: readonly AccountConfig[]): string {
  const writer = new ByteWriter().text('synod ledger genesis 1').text(clusterId).number(accounts.length);
  for (const { id, home, initial } of accounts) writer.text(id).text(home).uint64(initial);
  return hash('sha256', writer.finish(), 'hex');
}

/**
 * What all servers of a cluster must agree on before they talk: hexadecimal SHA-256 of the cluster's id, the ids of
 * its servers, and the genesis of its ledger. It does not cover addresses, which may differ from one server's point
 * of view to another's; nor registers and tokens, which are compared key by key where they are stored.
 */
export function fingerprint({ id, servers, ledger }: Pick<Cluster, 'id' | 'servers' | 'ledger'>): string {
  const writer = new ByteWriter().text('synod cluster 1').text(id).number(servers.length);
  for (const server of servers) writer.text(server.id);
  return hash('sha256', writer.text(ledger.genesis).finish(), 'hex');
}
