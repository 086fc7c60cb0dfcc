import { compareNatural, type NodeId } from '@synod/kernel';
import type { RegisterConfig } from '@synod/tokens';

/** Every node that shares a register with this one, itself included, in natural order. */
export function peersOf(self: NodeId, { registers, tokens }: RegisterConfig): NodeId[] {
  const sets = [...registers, ...tokens].map(({ replicas }) => replicas).filter((set) => set.includes(self));
  return [...new Set([self, ...sets.flat()])].sort(compareNatural);
}
