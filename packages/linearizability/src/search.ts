import { Entries, type Entry } from './entries.js';
import type { Call, Model, SearchLimits, Verdict } from './model.js';
import { compareInstants } from './operation.js';
import { PlacedSet } from './placed-set.js';

const defaultMaxSteps = 2_000_000;
/** How many steps pass between looks at the clock. */
const stepsPerLook = 1024;

/**
 * Decides whether some order of the calls, one that keeps every call that returned before another started in front of
 * it, is what the object would do: the search of Wing and Gong (*Testing and Verifying Concurrent Objects*, 1993)
 * with the memory of Lowe (*Testing for Linearizability*, 2017), which visits no pair of (operations placed, state)
 * twice. Exponential at worst, hence the limits; histories of independent objects are best decided one by one.
 */
export function search<State, Input, Result>(
  model: Model<State, Input, Result>,
  calls: readonly Call<Input, Result>[],
  { maxSteps = defaultMaxSteps, maxMs = Infinity }: SearchLimits = {},
): Verdict {
  const sorted = calls.toSorted((a, b) => compareInstants(a.start, b.start));
  const deadline = performance.now() + maxMs;
  const entries = new Entries(sorted);
  const placed = new PlacedSet();
  const visited = new Set<string>();
  const stack: { readonly call: Entry; readonly before: State }[] = [];
  let state = model.init();
  let entry = entries.head.next;

  // What never returned need not be placed.
  for (let steps = 0; entries.returns > 0; steps++) {
    if (steps >= maxSteps || (steps % stepsPerLook === 0 && performance.now() > deadline)) return 'unknown';
    if (entry.isReturn) {
      // Everything that may stand before this return was tried: one of the choices that led here is wrong.
      const last = stack.pop();
      if (!last) return 'violated';
      placed.delete(last.call.operation);
      entries.unlift(last.call);
      state = last.before;
      entry = last.call.next;
      continue;
    }
    const { input, returned } = sorted[entry.operation]!;
    const next = model.step(state, input, returned?.result);
    if (next) {
      placed.add(entry.operation);
      const visit = placed.identify() + model.identify(next.state);
      if (!visited.has(visit)) {
        visited.add(visit);
        stack.push({ call: entry, before: state });
        entries.lift(entry);
        state = next.state;
        entry = entries.head.next;
        continue;
      }
      placed.delete(entry.operation);
    }
    entry = entry.next;
  }
  return 'linearizable';
}
