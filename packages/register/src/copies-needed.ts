import { quorumSize } from '@synod/kernel';

/**
 * How many of the other replicas a disk that replaces one must copy from: a majority, for two reasons. Every majority
 * that the former disk belonged to has another node among them, so that whatever it ever acknowledged is copied, and no
 * majority of those who have not heard of the replacement is left. And any two such copies share a node, so that of two
 * replacements of which neither knows of the other at most one comes into use. Of two replicas the other one is all there
 * is: there the second reason is the operator's to keep.
 */
export function copiesNeeded(replicas: number): number {
  return Math.min(quorumSize(replicas), replicas - 1);
}
