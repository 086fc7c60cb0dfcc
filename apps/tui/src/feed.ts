import type { NodeId } from '@synod/kernel';
import type { Input } from './model/input.js';

/**
 * What delivers news of a cluster: reports and events as its servers stream them, all the time, and what is wanted
 * beside. Who writes one decides how; the terminal asks no server anything by itself.
 */
export interface Feed {
  /** Begins to deliver. Ends with the returned function, after which nothing is delivered. */
  start(deliver: (inputs: readonly Input[]) => void): () => void;
  /** What the screen shows now beside reports and events: to be delivered, and again whenever it changes. */
  want(want: Want | undefined): void;
}

export type Want =
  /** Balance maps of all servers. */
  | { readonly type: 'balances' }
  /** Local logs of all servers. */
  | { readonly type: 'logs' }
  /** Blocks from a height up to and with another. */
  | { readonly type: 'blocks'; readonly from: number; readonly to: number }
  | { readonly type: 'performance'; readonly server: NodeId }
  /** Layout, and what each node holds. */
  | { readonly type: 'cells' };
