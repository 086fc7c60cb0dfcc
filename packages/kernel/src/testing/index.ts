export { encoded } from './encoded.js';
export type { StoragePlace, Survival } from './storage-place.js';
export { storageSuite, type StorageSuite } from './storage-suite.js';
export { Station, standingOf } from './station.js';
export { transportSuite, type TransportNetwork, type TransportSuite } from './transport-suite.js';
