import { join } from 'node:path';
import { fingerprint, readCluster, writeCluster, type Cluster } from '@synod/cluster';
import { SynodError, type NodeId } from '@synod/kernel';
import { LevelStorage } from '@synod/storage';
import { DataDirectoryError } from './exit-codes.js';

const storeIn = (directory: string): string => join(directory, 'store');
export const logIn = (directory: string): string => join(directory, 'server.log');

/** The `cluster.yaml` that the store was made with, outside the keys of the ledger. */
const configurationKey = 'server/configuration';

/** Names the records of the ledger and their version. */
const format = 'ledger-1';

/**
 * Opens the store of a server, or makes it. Rejects with `DataDirectoryError`: locked by another process, of another
 * cluster, server or configuration, damaged, or not to be had.
 */
export async function openStore(directory: string, cluster: Cluster, node: NodeId): Promise<LevelStorage> {
  const location = storeIn(directory);
  try {
    const storage = await LevelStorage.open({ directory: location, identity: { cluster: cluster.id, node, format } });
    try {
      await requireConfiguration(storage, location, cluster);
      return storage;
    } catch (error) {
      await storage.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    throw new DataDirectoryError(error.code, error.message, { cause: error });
  }
}

/** Servers that began with other members or balances can not agree any more: such a change is no configuration. */
async function requireConfiguration(storage: LevelStorage, location: string, cluster: Cluster): Promise<void> {
  const stored = storage.get(configurationKey);
  if (stored === undefined) {
    if (storage.lastNumber > 0) throw new SynodError('corrupt', `the store in ${location} has lost its configuration`);
    return write(storage, configurationKey, new TextEncoder().encode(writeCluster(cluster)));
  }
  const before = readCluster(new TextDecoder().decode(stored), { file: location });
  if (fingerprint(before) === fingerprint(cluster)) return;
  throw new SynodError('config', `the store in ${location} was made with ${difference(before, cluster)}`);
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

function write(storage: LevelStorage, key: string, value: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    storage.write([{ key, value }], (error) => (error ? reject(error) : resolve()));
  });
}
