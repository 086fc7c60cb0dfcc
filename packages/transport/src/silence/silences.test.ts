import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Time } from '@synod/kernel';
import { Silences } from './silences.js';
import { wholeServer, type Topic } from './topic.js';

/** A clock that stands still until it is told to move. */
class ManualClock {
  #now: Time = 1000;
  readonly alarms = new Set<{ readonly time: Time; readonly task: () => void }>();

  now(): Time {
    return this.#now;
  }

  at(time: Time, task: () => void): () => void {
    const alarm = { time, task };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const alarm of [...this.alarms]) {
      if (alarm.time <= this.#now && this.alarms.delete(alarm)) alarm.task();
    }
  }
}

const reading = (...keys: string[]): Topic => ({ keys, phase: 'read' });
const writing = (...keys: string[]): Topic => ({ keys, phase: 'write' });
const page = (...keys: string[]): Topic => ({ keys, phase: undefined });

let clock: ManualClock;
let changes: number;
let silences: Silences;

beforeEach(() => {
  clock = new ManualClock();
  changes = 0;
  silences = new Silences(clock, () => changes++);
});

/** Which of these topics are muted. */
function muted(topics: Record<string, Topic>): string[] {
  return Object.keys(topics).filter((name) => silences.mutes(topics[name]!));
}

const topics = {
  'read a': reading('a'),
  'write a': writing('a'),
  'page a': page('a'),
  'page a b': page('b', 'a'),
  'read b': reading('b'),
  'write b': writing('b'),
  'page b': page('b'),
  server: wholeServer,
};

describe('what is muted', () => {
  test('nothing, without silences', () => {
    expect(silences.isEmpty).toBe(true);
    expect(muted(topics)).toEqual([]);
  });

  test.each<[string, string | undefined, Topic['phase'], string[]]>([
    [
      'about a register: all that mentions it, messages about several whole',
      'a',
      undefined,
      ['read a', 'write a', 'page a', 'page a b'],
    ],
    ['about a register in the read phase: only that phase', 'a', 'read', ['read a']],
    ['about a register in the write phase: only that phase', 'a', 'write', ['write a']],
    ['of the whole server: everything', undefined, undefined, Object.keys(topics)],
    ['of the whole server in the read phase: that phase of everything', undefined, 'read', ['read a', 'read b']],
    ['of the whole server in the write phase: that phase of everything', undefined, 'write', ['write a', 'write b']],
  ])('a silence %s', (_what, key, phase, names) => {
    silences.set({ key, phase, afterMs: 0 });
    expect(silences.isEmpty).toBe(false);
    expect(muted(topics)).toEqual(names);
  });

  test('silences about several registers and the whole server add up', () => {
    silences.set({ key: 'a', phase: 'write', afterMs: 0 });
    silences.set({ key: 'b', phase: undefined, afterMs: 0 });
    silences.set({ key: undefined, phase: 'read', afterMs: 0 });
    expect(muted(topics)).toEqual(['read a', 'write a', 'page a b', 'read b', 'write b', 'page b']);
  });

  test('a silence replaces the one about the same', () => {
    silences.set({ key: 'a', phase: 'write', afterMs: 0 });
    silences.set({ key: 'a', phase: 'read', afterMs: 0 });
    expect(muted(topics)).toEqual(['read a']);
  });

  test('no register has a name that means the whole server', () => {
    silences.set({ key: 'undefined', phase: undefined, afterMs: 0 });
    expect(muted(topics)).toEqual([]);
  });
});

describe('from a time on', () => {
  test('nothing is muted before, and everything from then on without anybody being woken', () => {
    silences.set({ key: 'a', phase: undefined, afterMs: 50 });
    clock.alarms.clear();
    clock.advance(49);
    expect(silences.mutes(reading('a'))).toBe(false);
    expect(silences.list()).toEqual([{ key: 'a', phase: undefined, active: false }]);
    clock.advance(1);
    expect(silences.mutes(reading('a'))).toBe(true);
    expect(silences.list()).toEqual([{ key: 'a', phase: undefined, active: true }]);
  });

  test('who listens is told of every silence that is set, begins or is lifted', () => {
    silences.set({ key: 'a', phase: undefined, afterMs: 50 });
    expect(changes).toBe(1);
    clock.advance(50);
    expect(changes).toBe(2);
    silences.set({ key: 'b', phase: undefined, afterMs: 0 });
    expect(changes).toBe(3);
    silences.lift('a');
    expect(changes).toBe(4);
  });

  test('a silence that was replaced, lifted or closed rings no alarm', () => {
    silences.set({ key: 'a', phase: undefined, afterMs: 50 });
    silences.set({ key: 'a', phase: undefined, afterMs: 70 });
    expect(clock.alarms.size).toBe(1);
    silences.lift('a');
    expect(clock.alarms.size).toBe(0);
    silences.set({ key: 'a', phase: undefined, afterMs: 50 });
    silences.set({ key: undefined, phase: undefined, afterMs: 50 });
    silences.lift(undefined);
    expect(clock.alarms.size).toBe(0);
    silences.set({ key: 'a', phase: undefined, afterMs: 50 });
    silences.close();
    expect(clock.alarms.size).toBe(0);
    clock.advance(50);
    expect(silences.mutes(reading('a'))).toBe(true);
  });
});

describe('lifting', () => {
  test('one about a register leaves the others', () => {
    silences.set({ key: 'a', phase: undefined, afterMs: 0 });
    silences.set({ key: 'b', phase: undefined, afterMs: 0 });
    silences.lift('a');
    silences.lift('unheard of');
    expect(muted(topics)).toEqual(['page a b', 'read b', 'write b', 'page b']);
  });

  test('all', () => {
    silences.set({ key: 'a', phase: undefined, afterMs: 0 });
    silences.set({ key: undefined, phase: undefined, afterMs: 0 });
    silences.lift(undefined);
    expect(silences.isEmpty).toBe(true);
    expect(muted(topics)).toEqual([]);
  });
});

test('silences are listed with that of the whole server first, then by key in natural order', () => {
  silences.set({ key: 'a10', phase: 'read', afterMs: 0 });
  silences.set({ key: 'a9', phase: undefined, afterMs: 10 });
  silences.set({ key: undefined, phase: 'write', afterMs: 0 });
  expect(silences.list()).toEqual([
    { key: undefined, phase: 'write', active: true },
    { key: 'a9', phase: undefined, active: false },
    { key: 'a10', phase: 'read', active: true },
  ]);
});
