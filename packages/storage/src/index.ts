/**
 * Durable storage in LevelDB: a checksummed journal that is synced, a table that checkpoints write.
 *
 * ```ts
 * const storage = await LevelStorage.open({ directory, identity: { cluster: 'demo', node: 'S1', format: 'paxos-1' } });
 * ```
 *
 * @packageDocumentation
 */
export { tablesInUse } from './files/check-files.js';
export type { StoreIdentity } from './identity.js';
export { Inspection } from './inspection.js';
export { LevelStorage, type CheckpointLimits, type LevelStorageOptions } from './level-storage.js';
