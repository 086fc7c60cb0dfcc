import { fingerprint, readCluster, writeCluster, type Cluster } from '@synod/cluster';
import type { StoreConfiguration } from '@synod/server';

/** Names the records of the ledger and their version. */
const format = 'ledger-1';

/** A store keeps the `cluster.yaml` it was made with. Addresses in it may change, members and accounts not. */
export function storeConfiguration(cluster: Cluster): StoreConfiguration {
  return {
    format,
    configuration: writeCluster(cluster),
    difference: (text, location) => {
      const before = readCluster(text, { file: location });
      return fingerprint(before) === fingerprint(cluster) ? undefined : difference(before, cluster);
    },
    whenDamaged:
      'Restore the data directory as it was when the server last ran, or replace the server: it does not start with ' +
      'an empty one.',
  };
}

function difference(before: Cluster, now: Cluster): string {
  const [then, today] = [before, now].map(({ servers }) => servers.map(({ id }) => id).join(', '));
  if (then !== today) return `servers ${then}, not ${today}`;
  const accounts = new Map(now.ledger.accounts.map((account) => [account.id, account]));
  for (const { id, home, initial } of before.ledger.accounts) {
    const account = accounts.get(id);
    if (!account) return `an account ${id}, which is gone`;
    if (account.home !== home) return `account ${id} at home on ${home}, not on ${account.home}`;
    if (account.initial !== initial) return `account ${id} holding ${initial} at first, not ${account.initial}`;
    accounts.delete(id);
  }
  const [added] = accounts.keys();
  return added === undefined ? 'another configuration' : `no account ${added}`;
}
