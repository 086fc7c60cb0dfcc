import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import { LevelStorage, type StoreIdentity } from '@synod/storage';

const storeIn = (directory: string): string => join(directory, 'store');
export const logIn = (directory: string): string => join(directory, 'server.log');

/** The configuration that the store was made with, outside the keys of the machine. */
const configurationKey = 'server/configuration';

/** What a store was made with, and may not change: servers that began otherwise can not agree any more. */
export interface StoreConfiguration {
  /** Names the records of the machine and their version. */
  readonly format: string;
  /** Kept in the store as it is, to be compared with at every later start. */
  readonly configuration: string;
  /**
   * What of an earlier configuration keeps the store from being used with this one, to follow `was made with`;
   * undefined if nothing does. `location` names the store in errors.
   */
  difference(before: string, location: string): string | undefined;
  /** What an operator does about a store that is damaged or cut short: a sentence, to end the line that says so. */
  readonly whenDamaged: string;
}

/** The data directory can not be this server's. Code `config`, `corrupt` or `storage_failed`. */
export class DataDirectoryError extends SynodError {}

/**
 * Opens the store of a server, or makes it. Rejects with `DataDirectoryError`: locked by another process, of another
 * cluster, server or configuration, damaged, or not to be had.
 */
export async function openStore(
  directory: string,
  owner: Pick<StoreIdentity, 'cluster' | 'node'>,
  made: StoreConfiguration,
): Promise<LevelStorage> {
  const location = storeIn(directory);
  try {
    const storage = await LevelStorage.open({ directory: location, identity: { ...owner, format: made.format } });
    try {
      await requireConfiguration(storage, location, made);
      return storage;
    } catch (error) {
      await storage.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    const { code, message } = toldDamage(error, directory, made);
    throw new DataDirectoryError(code, message, { cause: error });
  }
}

/** What a machine says that can not go on, as it is configured or at all, from what the store holds. */
export function refusedByStore(error: unknown, directory: string, made: StoreConfiguration): unknown {
  if (!(error instanceof SynodError) || error.code !== 'config') return toldDamage(error, directory, made);
  const message = `the store in ${storeIn(directory)} was made with another configuration: ${error.message}`;
  return new DataDirectoryError(error.code, message, { cause: error });
}

/** Damage, or a cut, whoever found it, in a line that says where it is and what to do. Any other error as it is. */
export function toldDamage<E>(error: E, directory: string, { whenDamaged }: StoreConfiguration): E | SynodError {
  if (!(error instanceof SynodError)) return error;
  const location = storeIn(directory);
  if (error.code === 'disk_cut') {
    const message = `the store in ${location} was cut short: ${error.message}. ${whenDamaged}`;
    return new SynodError(error.code, message, { cause: error });
  }
  if (error.code !== 'corrupt') return error;
  const what = error.message.includes(location) ? '' : `the store in ${location} is damaged: `;
  return new DataDirectoryError('corrupt', `${what}${error.message}. ${whenDamaged}`, { cause: error });
}

async function requireConfiguration(storage: LevelStorage, location: string, made: StoreConfiguration): Promise<void> {
  const before = storage.get(configurationKey);
  if (before === undefined) {
    if (storage.lastNumber > 0) throw new SynodError('corrupt', `the store in ${location} has lost its configuration`);
    return write(storage, configurationKey, new TextEncoder().encode(made.configuration));
  }
  const difference = made.difference(new TextDecoder().decode(before), location);
  if (difference !== undefined) throw new SynodError('config', `the store in ${location} was made with ${difference}`);
}

function write(storage: LevelStorage, key: string, value: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    storage.write([{ key, value }], (error) => (error ? reject(error) : resolve()));
  });
}
