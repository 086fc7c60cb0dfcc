import fc from 'fast-check';
import type { Operation, Value } from '../operation.js';

/** Histories of one register that follow a hidden order, with overlaps, failures and unknown outcomes. */
export function linearizable(options: { readonly uniqueWrites: boolean; readonly maxLength: number }) {
  const action = fc.record({
    kind: fc.constantFrom('read', 'read', 'read', 'write', 'write', 'unknown', 'never', 'failed'),
    value: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 25 }),
    after: fc.integer({ min: 0, max: 25 }),
  });
  return fc.array(action, { minLength: 1, maxLength: options.maxLength }).map((actions) => {
    let state: Value = null;
    const operations = actions.map(({ kind, value, before, after }, i): Operation => {
      const point = 100 + 10 * i;
      const written = options.uniqueWrites || kind === 'never' || kind === 'failed' ? 1000 + i : value;
      const f = kind === 'read' ? 'read' : 'write';
      if (kind === 'write' || kind === 'unknown') state = written;
      return {
        process: i,
        f,
        key: 'x',
        value: f === 'read' ? state : written,
        outcome: kind === 'failed' ? 'fail' : kind === 'unknown' || kind === 'never' ? 'info' : 'ok',
        start: point - before,
        end: kind === 'unknown' || kind === 'never' ? undefined : point + after,
      };
    });
    return operations;
  });
}

/** Any small histories, most of them wrong in some way. Times repeat on purpose. */
export function arbitrary(options: { readonly uniqueWrites: boolean; readonly maxLength: number }) {
  const operation = fc.record({
    f: fc.constantFrom('read' as const, 'read' as const, 'write' as const),
    value: fc.integer({ min: 1, max: 3 }),
    initial: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    outcome: fc.constantFrom(
      'ok' as const,
      'ok' as const,
      'ok' as const,
      'ok' as const,
      'info' as const,
      'fail' as const,
    ),
    start: fc.integer({ min: 0, max: 9 }),
    duration: fc.integer({ min: 0, max: 6 }),
  });
  return fc.array(operation, { minLength: 1, maxLength: options.maxLength }).map((all) => {
    const written = new Set<number>();
    return all.flatMap(({ f, value, initial, outcome, start, duration }, process): Operation[] => {
      const isRepeated = f === 'write' && written.has(value);
      if (f === 'write') written.add(value);
      if (options.uniqueWrites && isRepeated) return [];
      const end = outcome === 'info' ? undefined : start + duration;
      return [{ process, f, key: 'x', value: f === 'read' && initial ? null : value, outcome, start, end }];
    });
  });
}
