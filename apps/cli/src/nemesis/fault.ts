import { quorumSize, type NodeId } from '@synod/kernel';

/** How links fail: their streams are closed, which both ends see, or messages vanish while the links stand. */
export type LinkFailure = 'cut' | 'drop';

/** Something that is done to servers, in the words of the simulator, until it is healed. */
export type Fault =
  /** SIGKILL. */
  | NodeFault<'crash'>
  /** SIGSTOP. */
  | NodeFault<'pause'>
  /** It says nothing to anybody. */
  | NodeFault<'silence'>
  /** No other server reaches it; clients do. */
  | (NodeFault<'isolate'> & { readonly how: LinkFailure })
  /** Only servers of one group reach each other; the first is a majority. */
  | { readonly kind: 'partition'; readonly groups: readonly (readonly NodeId[])[]; readonly how: LinkFailure }
  /** Every server reaches its two neighbours in this order only; of three, the ends are no neighbours. */
  | { readonly kind: 'ring'; readonly nodes: readonly NodeId[]; readonly how: LinkFailure }
  /** Nothing that `from` sends reaches `to`, and neither sees it. */
  | { readonly kind: 'one-way'; readonly from: NodeId; readonly to: NodeId }
  /** SIGKILL, and its store is gone. */
  | NodeFault<'lost-disk'>
  /** SIGKILL, and a bit of its store has flipped: it must refuse to start. */
  | NodeFault<'bit-flip'>
  /** SIGKILL, and a file of its store is shorter: it must refuse to start. */
  | NodeFault<'truncation'>;

export type FaultKind = Fault['kind'];

interface NodeFault<K> {
  readonly kind: K;
  readonly node: NodeId;
}

/** What can be asked for, and what it may then be. */
export const faultClasses = {
  kill: ['crash'],
  pause: ['pause'],
  silence: ['silence'],
  partition: ['partition', 'isolate', 'ring', 'one-way'],
  disk: ['lost-disk', 'bit-flip', 'truncation'],
} as const satisfies Record<string, readonly FaultKind[]>;

export type FaultClass = keyof typeof faultClasses;

export const faultClassNames = Object.keys(faultClasses) as readonly FaultClass[];

/** In the order in which they are told. */
export const faultKinds: readonly FaultKind[] = Object.values(faultClasses).flat();

/** Whether it is about links. They are one thing, which fails in one way at a time. */
export function isOfLinks({ kind }: Fault): boolean {
  return (faultClasses.partition as readonly FaultKind[]).includes(kind);
}

/** Whether a store is gone with it. */
export function isOfDisk({ kind }: Fault): boolean {
  return (faultClasses.disk as readonly FaultKind[]).includes(kind);
}

/** The fewest servers without which no link has failed and no server: all others are a sound majority. */
export function touchedBy(fault: Fault): readonly NodeId[] {
  switch (fault.kind) {
    case 'partition':
      return fault.groups.slice(1).flat();
    case 'ring':
      return fault.nodes.slice(quorumSize(fault.nodes.length));
    case 'one-way':
      return [fault.from];
    default:
      return [fault.node];
  }
}

/** Whether a message from one server does not reach another while the links fail like this. */
export function loses(fault: Fault, from: NodeId, to: NodeId): boolean {
  switch (fault.kind) {
    case 'isolate':
      return from === fault.node || to === fault.node;
    case 'partition':
      return fault.groups.every((group) => !(group.includes(from) && group.includes(to)));
    case 'ring':
      return !areNeighbours(fault.nodes, from, to);
    case 'one-way':
      return from === fault.from && to === fault.to;
    default:
      return false;
  }
}

function areNeighbours(ring: readonly NodeId[], a: NodeId, b: NodeId): boolean {
  const steps = Math.abs(ring.indexOf(a) - ring.indexOf(b));
  return steps === 1 || (steps === ring.length - 1 && ring.length > 3);
}

/** For people, in a few words. */
export function showFault(fault: Fault): string {
  switch (fault.kind) {
    case 'partition':
      return `partition ${fault.groups.map((group) => group.join(' ')).join(' | ')} (${fault.how})`;
    case 'ring':
      return `ring ${fault.nodes.join(' ')} (${fault.how})`;
    case 'one-way':
      return `one-way ${fault.from} to ${fault.to}`;
    case 'isolate':
      return `isolate ${fault.node} (${fault.how})`;
    default:
      return `${fault.kind} ${fault.node}`;
  }
}
