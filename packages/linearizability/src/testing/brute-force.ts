import { precedes, type Operation, type Value } from '../operation.js';

/** Linearizability by its definition: every order of every choice of what happened. For a handful of operations. */
export function bruteForce(operations: readonly Operation[], initial: Value): boolean {
  const happened = operations.filter(({ outcome }) => outcome === 'ok');
  const maybe = operations.filter(({ f, outcome }) => f === 'write' && outcome === 'info');
  for (let choice = 0; choice < 2 ** maybe.length; choice++) {
    const chosen = [...happened, ...maybe.filter((_, i) => (choice >> i) & 1)];
    if (someOrder(chosen, [], (order) => explains(order, initial))) return true;
  }
  return false;
}

function someOrder<T>(rest: readonly T[], order: readonly T[], holds: (order: readonly T[]) => boolean): boolean {
  if (rest.length === 0) return holds(order);
  return rest.some((it, i) => someOrder(rest.toSpliced(i, 1), [...order, it], holds));
}

function explains(order: readonly Operation[], initial: Value): boolean {
  let state = initial;
  for (const [i, operation] of order.entries()) {
    if (order.slice(i + 1).some((later) => precedes(later, operation))) return false;
    if (operation.f === 'write') state = operation.value;
    else if (operation.value !== state) return false;
  }
  return true;
}
