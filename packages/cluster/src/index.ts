/**
 * `cluster.yaml`: who the servers of a cluster are, and what they start with.
 *
 * @packageDocumentation
 */
export { checkCluster } from './check-cluster.js';
export type { AccountConfig, Cluster, ClusterServer, LedgerConfig, RegisterConfig } from './cluster.js';
export { configError, quote, type FieldPath } from './config-error.js';
export { loadText, readYaml } from './config-file.js';
export { defaultCluster, type DefaultClusterOptions } from './default-cluster.js';
export { fingerprint, genesis } from './fingerprint.js';
export { freeAddresses, freePorts } from './free-ports.js';
export { loadCluster, readCluster } from './read-cluster.js';
export { addressPattern } from './schema.js';
export { writeCluster } from './write-cluster.js';
