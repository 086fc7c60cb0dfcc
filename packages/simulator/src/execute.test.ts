import { describe, expect, test } from '@jest/globals';
import { addCoverage, cover, missing, noCoverage, shortfall } from './coverage.js';
import { execute, violationOf } from './execute.js';
import { readSchedule, writeSchedule, type Schedule } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate } from './simulate.js';
import type { Probe } from './simulation.js';
import { counterSystem, type Increment } from './testing/counter-system.js';
import { Violation } from './violation.js';

const sound = counterSystem();
const mistaken = counterSystem({ confirmsBeforeDurable: true });

/** The whole trace of a run. */
function traceOf(schedule: Schedule<Increment>): string {
  const lines: string[] = [];
  const probe: Probe = { traceLimit: 1_000_000 };
  const watched = {
    ...sound,
    start: (...[its, theirs]: Parameters<typeof sound.start>) => {
      const running = sound.start(its, theirs);
      return { ...running, settle: () => (running.settle(), void lines.push(running.simulation.trace.toString())) };
    },
  };
  execute(watched, schedule, probe);
  return lines.join('\n');
}

describe('a schedule', () => {
  test('gives the same trace again, byte for byte, also when it was written and read', () => {
    const schedule = sound.plan(3, { forMs: 3000 });
    const trace = traceOf(schedule);
    expect(trace.split('\n').length).toBeGreaterThan(2000);
    expect(traceOf(schedule) === trace).toBe(true);
    expect(traceOf(readSchedule(writeSchedule(schedule)) as Schedule<Increment>) === trace).toBe(true);
  });

  test('that leads to a violation stands in it', () => {
    const schedule = mistaken.plan(1);
    const violation = violationOf(mistaken, schedule);
    expect(violation).toMatchObject({ name: 'Violation', seed: 1, schedule });
    expect(violation!.message).toContain(writeSchedule(schedule));
  });
});

describe('shrinking', () => {
  const violation = violationOf(mistaken, mistaken.plan(1))!;

  test('leaves of 320 operations and all faults the one that is needed', () => {
    const { violation: shrunk, runs } = shrink(mistaken, violation);
    expect([shrunk.schedule!.faults, shrunk.schedule!.operations.length]).toEqual([[], 1]);
    expect(shrunk.isLike(violation)).toBe(true);
    expect(runs).toBeLessThan(100);
  });

  test('keeps to its bound of runs, and returns what it has', () => {
    const { violation: shrunk, runs } = shrink(mistaken, violation, { runs: 3 });
    expect(runs).toBe(3);
    expect(violationOf(mistaken, shrunk.schedule as Schedule<Increment>)?.what).toBe(shrunk.what);
  });

  test('does not take another violation for this one', () => {
    const other = new Violation('something else', { seed: 1, time: 1e6, trace: violationTrace }).in(mistaken.plan(1));
    const { violation: shrunk } = shrink(mistaken, other, { runs: 20 });
    expect(shrunk).toBe(other);
  });
});

const violationTrace = sound.start(sound.plan(1)).simulation.trace;

describe('many seeds', () => {
  test('of a sound system are counted together', () => {
    const coverage = simulate(sound, { from: 1, to: 12, forMs: 30_000 });
    expect(coverage).toMatchObject({ seeds: 12 });
    expect(coverage.simulatedMs).toBeGreaterThan(12 * 30_000);
    expect(coverage.operations).toBeGreaterThan(12 * 200);
  });

  test('of a mistaken one end with the shortest schedule found', () => {
    expect(() => simulate(mistaken, { from: 1, to: 5 })).toThrow(/"operations": \[\n {4}\{[^\n]*\}\n {2}\]/);
  });

  test('that never saw a fault, crash point, message or answer fail, and say which', () => {
    const deaf = { ...sound, messages: [...sound.messages, 'shout'], answers: [...sound.answers, 'refused'] };
    expect(() => simulate(deaf, { from: 1, to: 12 })).toThrow('in seeds 1 to 12 never: message shout, answer refused');
    expect(missing(noCoverage(), sound, ['crash', 'crash-point'])).toEqual([
      'fault crash',
      'fault crash-point',
      'crash point before-write',
      'crash point during-write',
      'crash point after-write',
      'crash point after-release',
    ]);
  });

  test('that do too little do not count', () => {
    expect(() => simulate(sound, { from: 1, to: 1, forMs: 5000 })).toThrow('seed 1 is too little: simulatedMs: 5');
    const evidence = execute(sound, { ...sound.plan(1), faults: [] });
    expect(shortfall(evidence)).toBe('faults: 0, where 5 is the least');
  });

  test('add up', () => {
    const [first, both] = [noCoverage(), noCoverage()];
    cover(first, execute(sound, sound.plan(1, { forMs: 1000 })));
    addCoverage(both, first);
    addCoverage(both, first);
    expect([both.seeds, both.events, both.messages['tell']]).toEqual([
      2,
      2 * first.events,
      2 * first.messages['tell']!,
    ]);
  });
});
