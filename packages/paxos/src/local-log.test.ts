import { expect, test } from '@jest/globals';
import { Effects } from '@synod/kernel';
import { LocalLog } from './local-log.js';
import type { LogProtocol } from './replicated-log.js';

const entry = (sequence: number, owner = 'S1') => ({ owner, sequence, value: `v${sequence}` });
const sequences = (log: LocalLog<string>) => [...log.entries()].map(({ sequence }) => sequence);

function filled(count: number) {
  const log = new LocalLog<string>('S1');
  const effects = new Effects<LogProtocol<string>>();
  for (let i = 1; i <= count; i++) log.append(`v${i}`, effects);
  return { log, effects };
}

test('gives every entry the next number of its owner, and persists it in the step that appends', () => {
  const { log, effects } = filled(2);
  expect([...log.entries()]).toEqual([entry(1), entry(2)]);
  expect(effects.persist).toEqual([
    { key: 'state/log/00000000000001', value: { kind: 'entry', entry: entry(1) } },
    { key: 'state/log/00000000000002', value: { kind: 'entry', entry: entry(2) } },
  ]);
});

test('removes exactly what a block holds: later entries stay, durably too', () => {
  const { log } = filled(3);
  const effects = new Effects<LogProtocol<string>>();
  log.remove([entry(1, 'S0'), entry(1), entry(2), entry(3, 'S2')], effects);
  expect(sequences(log)).toEqual([3]);
  expect(effects.persist.map(({ key, value }) => [key, value])).toEqual([
    ['state/log/00000000000001', undefined],
    ['state/log/00000000000002', undefined],
  ]);
});

test('removes exactly what the chain holds up to a sequence, and gives it back', () => {
  const { log, effects } = filled(3);
  expect(log.removeUpTo(2, effects)).toEqual([entry(1), entry(2)]);
  expect(sequences(log)).toEqual([3]);
  expect(log.removeUpTo(2, effects)).toEqual([]);
  expect(() => log.removeUpTo(4, effects)).toThrow('its log ends at 3');
});

test('never uses a number twice, neither after a commit nor after a restart', () => {
  const { log, effects } = filled(2);
  log.remove([entry(1), entry(2)], effects);
  expect(log.append('next', effects).sequence).toBe(3);

  const restarted = new LocalLog<string>('S1');
  restarted.recoverCommitted(2);
  expect(restarted.append('next', effects).sequence).toBe(3);

  const withEntries = new LocalLog<string>('S1');
  withEntries.recover(entry(3));
  withEntries.recoverCommitted(2);
  expect(withEntries.append('next', effects).sequence).toBe(4);
  expect(sequences(withEntries)).toEqual([3, 4]);
});

test('a log with a gap is a damaged disk', () => {
  const log = new LocalLog<string>('S1');
  log.recover(entry(3));
  log.recover(entry(4));
  expect([log.value(2), log.value(3), log.value(4), log.value(5)]).toEqual([undefined, 'v3', 'v4', undefined]);
  expect(() => log.recover(entry(6))).toThrow('entry 6 follows 4 in the log');
});

test('a block that holds an own entry which the log does not is a lost disk or a fork', () => {
  expect(() => filled(1).log.remove([entry(2)], new Effects())).toThrow('invariant broken');
});

test.each([
  [2, [1, 2], true],
  [3, [1, 2, 3], false],
  [9, [1, 2, 3], false],
])('a page of at most %i holds the oldest entries, and says whether there are more', (limit, expected, more) => {
  const page = filled(3).log.page(limit);
  expect([page.log.map(({ sequence }) => sequence), page.more]).toEqual([expected, more]);
});

test('lists the entries after one sequence', () => {
  const { log, effects } = filled(4);
  log.remove([entry(1)], effects);
  expect([0, 2, 4].map((after) => [...log.after(after)].map(({ sequence }) => sequence))).toEqual([
    [2, 3, 4],
    [3, 4],
    [],
  ]);
});
