import { SynodError, type NodeId } from '@synod/kernel';
import type { TokenConfig } from './scheme.js';

/** Reading, or changing: writing, creating and dropping. */
export type Access = 'read' | 'change';

/** Whether a node may do it: the writer changes, writer and readers read. */
export function mayAccess({ writer, replicas }: TokenConfig, access: Access, node: NodeId): boolean {
  return access === 'change' ? node === writer : replicas.includes(node);
}

/** Where to go for it: `node` itself if it may, otherwise the writer, who may both. */
export function accessPoint(config: TokenConfig, access: Access, node: NodeId): NodeId {
  return mayAccess(config, access, node) ? node : config.writer;
}

/** Throws `unauthorised`, naming the access points that are right, unless the node may do it. */
export function checkAccess(config: TokenConfig, access: Access, node: NodeId): void {
  if (mayAccess(config, access, node)) return;
  const { id, writer, replicas } = config;
  const right =
    access === 'change' ? `is written, created and dropped at ${writer}` : `is read at ${replicas.join(', ')}`;
  throw new SynodError('unauthorised', `token ${JSON.stringify(id)} ${right}, not at ${node}`);
}
