/** Metadata in which a client names the cluster it means. */
export const clusterKey = 'synod-cluster';
