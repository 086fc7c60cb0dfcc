import type { NodeId } from '@synod/kernel';
import type { KeyPattern } from '@synod/register';
import type { ServerAddress } from '../node/node-backend.js';

/** Which registers and tokens there are, and who may do what with them. All nodes say the same. */
export interface RegisterLayout {
  /** In natural order. */
  readonly nodes: readonly ServerAddress[];
  readonly registers: readonly KeyPattern[];
  readonly tokens: readonly TokenLayout[];
}

export interface TokenLayout {
  readonly id: string;
  /** The one node that writes, creates and drops it. */
  readonly writer: NodeId;
  /** The nodes that hold and read it, in natural order; the writer is among them. */
  readonly replicas: readonly NodeId[];
}
