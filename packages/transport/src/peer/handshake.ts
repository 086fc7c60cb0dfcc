import type { NodeId, Standing } from '@synod/kernel';
import type { Hello } from '../gen/synod/peer/v1/peer.js';

/** Version of the protocol of synod/peer/v1/peer.proto, and of the messages that it carries. */
export const linkVersion = 4;

/** Who a node is, to its peers. */
export interface LinkIdentity {
  readonly self: NodeId;
  /** The cluster; nodes of different clusters refuse one another. */
  readonly cluster: string;
  /** Hash of the configuration that must be the same on all nodes. */
  readonly fingerprint: string;
}

/** The disk that a node runs on, to its protocol: of several with one name, the one that was named last is the node. */
export interface DiskIdentity {
  /** 16 hexadecimal digits; empty where disks have none. */
  readonly identity: string;
  /** Rises with every replacement of the node; 0 for its first disk. */
  readonly since: number;
  /** It waits to be accepted as a replacement. */
  readonly waits: boolean;
}

export const nameless: DiskIdentity = { identity: '', since: 0, waits: false };

/** `address`: where this node is since it was replaced; empty if it was not. */
export function helloTo(
  peer: NodeId,
  own: LinkIdentity,
  standing: Standing,
  place: DiskIdentity = nameless,
  address = '',
): Hello {
  const { self, cluster, fingerprint } = own;
  const { disk, incarnation, recovered, earlier } = standing;
  return {
    ...{ version: linkVersion, cluster, fingerprint, from: self, to: peer },
    ...{ disk, incarnation, recovered, earlier: [...earlier] },
    ...place,
    address,
  };
}

/** What the peer says of its disk. */
export function standingIn({ disk, incarnation, recovered, earlier }: Hello): Standing {
  return { disk, incarnation, recovered, earlier };
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
