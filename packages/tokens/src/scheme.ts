import type { NodeId } from '@synod/kernel';
import type { Domain } from './domain.js';

/** Which tokens there are, and where. Plain data. */
export interface TokenScheme {
  /** As written. */
  readonly tokens: readonly TokenConfig[];
  /** Every access point that some token names, in natural order. */
  readonly nodes: readonly NodeId[];
}

export interface TokenConfig {
  readonly id: string;
  /** `host:port` of the one node that writes, creates and drops it. */
  readonly writer: NodeId;
  /** Those that hold it and read it: writer and readers, in natural order, each once. */
  readonly replicas: readonly NodeId[];
  /** What its writer writes once, before anybody else has. */
  readonly initial: { readonly name: string; readonly domain: Domain } | undefined;
}
