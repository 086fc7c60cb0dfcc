/**
 * `cluster.yaml`: who the servers of a cluster are, and what they start with.
 *
 * @packageDocumentation
 */
export type { AccountConfig, Cluster, ClusterServer, LedgerConfig, RegisterConfig } from './cluster.js';
export { defaultCluster, type DefaultClusterOptions } from './default-cluster.js';
export { fingerprint, genesis } from './fingerprint.js';
export { loadCluster, readCluster } from './read-cluster.js';
export { writeCluster } from './write-cluster.js';
