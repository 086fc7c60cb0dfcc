import type { NodeId } from '@synod/kernel';
import type { Hello } from '../gen/synod/peer/v1/peer.js';

/** Version of the protocol of synod/peer/v1/peer.proto. */
export const linkVersion = 1;

/** Who a node is, to its peers. */
export interface LinkIdentity {
  readonly self: NodeId;
  /** The cluster; nodes of different clusters refuse one another. */
  readonly cluster: string;
  /** Hash of the configuration that must be the same on all nodes. */
  readonly fingerprint: string;
  /** Random 64-bit number, new at every start. */
  readonly incarnation: bigint;
}

export function helloTo(peer: NodeId, own: LinkIdentity): Hello {
  const { self, cluster, fingerprint, incarnation } = own;
  return { version: linkVersion, cluster, fingerprint, from: self, to: peer, incarnation };
}

/** Why the two nodes can not work together, in one sentence; undefined if they can. */
export function whyNot(hello: Hello, own: LinkIdentity): string | undefined {
  const { self, cluster, fingerprint } = own;
  if (hello.version !== linkVersion)
    return `${self} speaks version ${linkVersion} of the link protocol, not ${hello.version}`;
  if (hello.cluster !== cluster) return `${self} belongs to cluster '${cluster}', not to '${hello.cluster}'`;
  if (hello.to !== self) return `this is ${self}, not '${hello.to}'`;
  if (hello.fingerprint !== fingerprint) return `${self} runs with another configuration than ${hello.from}`;
  return undefined;
}
