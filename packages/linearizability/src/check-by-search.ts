import type { Counterexample } from './counterexample.js';
import type { SearchLimits, Verdict } from './model.js';
import type { Operation, Value } from './operation.js';
import { registerCall, registerModel } from './register-model.js';
import { search } from './search.js';
import { shrink } from './shrink.js';

/** Decides one register by searching for an order. `operations` are decisive, and every value read was written. */
export function checkBySearch(
  operations: readonly Operation[],
  initial: Value,
  limits: SearchLimits,
): { readonly verdict: Verdict; readonly counterexample: Counterexample | undefined } {
  const model = registerModel(initial);
  const decide = (some: readonly Operation[]) => search(model, some.map(registerCall), limits);
  const verdict = decide(operations);
  if (verdict !== 'violated') return { verdict, counterexample: undefined };
  return {
    verdict,
    counterexample: {
      operations: shrink(operations, (some) => decide(some) === 'violated'),
      reasons: ['no order of these operations explains what was read'],
    },
  };
}
