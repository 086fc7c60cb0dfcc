import type { Cluster } from '@synod/cluster';
import type { NodeId } from '@synod/kernel';

/** Every account and its home, in natural order of the accounts. */
export function homesIn(cluster: Cluster): ReadonlyMap<string, NodeId> {
  return new Map(cluster.ledger.accounts.map(({ id, home }) => [id, home]));
}
