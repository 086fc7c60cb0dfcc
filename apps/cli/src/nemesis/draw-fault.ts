import { quorumSize, type NodeId, type Random } from '@synod/kernel';
import { drawIndex } from '@synod/simulator';
import { faultClasses, type Fault, type FaultClass, type FaultKind, type LinkFailure } from './fault.js';

/** Draws a fault of servers that are all there are: each class is as likely as any other, and so is each kind in it. */
export function drawFault(random: Random, classes: readonly FaultClass[], servers: readonly NodeId[]): Fault {
  const kinds: readonly FaultKind[] = faultClasses[drawOne(random, classes)];
  const kind = drawOne(random, kinds);
  const [node, other = node] = shuffled(random, servers) as [NodeId, NodeId?];
  const how: LinkFailure = random() < 0.5 ? 'cut' : 'drop';
  switch (kind) {
    case 'partition': {
      const nodes = shuffled(random, servers);
      const majority = quorumSize(nodes.length) + drawIndex(random, nodes.length - quorumSize(nodes.length));
      return { kind, groups: [nodes.slice(0, majority), nodes.slice(majority)], how };
    }
    case 'ring':
      return { kind, nodes: shuffled(random, servers), how };
    case 'one-way':
      return { kind, from: node, to: other };
    case 'isolate':
      return { kind, node, how };
    default:
      return { kind, node };
  }
}

export function drawOne<T>(random: Random, items: readonly T[]): T {
  return items[drawIndex(random, items.length)]!;
}

/** All of them, in any order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(drawIndex(random, left.length), 1)[0]!);
}
