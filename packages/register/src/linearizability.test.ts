import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { objectionToHistory, type HistoryOperation } from './testing/linearizability.js';

/** Tries every order. */
function isLinearizable(history: readonly HistoryOperation[], value?: string): boolean {
  if (history.every(({ end }) => end === Infinity)) return true;
  return history.some((operation) => {
    const { kind, value: its } = operation;
    const rest = history.filter((other) => other !== operation);
    if (rest.some((other) => other.end < operation.begin)) return false;
    if (operation.end === Infinity && isLinearizable(rest, value)) return true; // it never takes effect
    return kind === 'write' ? isLinearizable(rest, its) : its === value && isLinearizable(rest, value);
  });
}

const anyHistory = fc
  .array(
    fc.record({
      kind: fc.constantFrom('read', 'write'),
      reads: fc.nat(5),
      from: fc.nat(20),
      to: fc.nat(20),
      open: fc.nat(5),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((drawn) => {
    const values = [undefined, ...drawn.flatMap(({ kind }, i) => (kind === 'write' ? [`v${i}`] : []))];
    return drawn.map(({ kind, reads, from, to, open }, i): HistoryOperation => {
      const begin = Math.min(from, to) + i / 100;
      const end = open === 0 ? Infinity : Math.max(from, to) + i / 100 + 0.5;
      const value = kind === 'write' ? `v${i}` : values[reads % values.length];
      return { kind: kind === 'write' ? 'write' : 'read', value, begin, end };
    });
  });

describe('the judge of histories', () => {
  test('agrees with trying every order', () => {
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(anyHistory, (history) => {
        const linearizable = isLinearizable(history);
        verdicts.add(linearizable);
        expect(objectionToHistory(history) === undefined).toBe(linearizable);
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(verdicts.size).toBe(2);
  });

  test('names the value that came back', () => {
    const history: HistoryOperation[] = [
      { kind: 'write', value: 'a', begin: 0, end: 10 },
      { kind: 'write', value: 'b', begin: 2, end: 3 },
      { kind: 'read', value: 'b', begin: 4, end: 5 },
      { kind: 'read', value: 'a', begin: 6, end: 7 },
      { kind: 'read', value: 'b', begin: 8, end: 9 },
    ];
    expect(objectionToHistory(history)).toBe('b was there before and after a');
  });
});
