import { describe, expect, test } from '@jest/globals';
import type { Time } from '@synod/kernel';
import { delivered, notes, startPost } from './testing/post.js';

const SLOW_DISK = { writeMs: [5, 5], survival: 0 } as const;

describe('a crash', () => {
  test('loses what is not durable: nobody was told of it', () => {
    const simulation = startPost({ disk: SLOW_DISK });
    const answers: string[] = [];
    simulation.invoke('S1', { note: 'a', text: 'durable' }, () => answers.push('a'));
    simulation.run({ for: 6 });
    simulation.invoke('S1', { note: 'b', text: 'not yet' }, () => answers.push('b'));
    simulation.run({ for: 4 });
    simulation.crash('S1');
    simulation.run({ for: 100 });
    expect([notes(simulation, 'S1'), answers]).toEqual([{ a: 'durable' }, ['a']]);
  });

  test.each([
    ['before-write', {}, []],
    ['after-write', { a: '1' }, []],
    ['after-release', { a: '1' }, ['done']],
  ] as const)('at the point %s leaves %j on the disk and %j answered', (point, stored, answered) => {
    const simulation = startPost({ disk: SLOW_DISK });
    const answers: string[] = [];
    simulation.crashAt('S1', point);
    simulation.invoke('S1', { note: 'a', text: '1' }, (result) => answers.push(result));
    simulation.run({ for: 20 });
    expect(simulation.isCrashed('S1')).toBe(true);
    expect([notes(simulation, 'S1'), answers]).toEqual([stored, answered]);
  });

  test.each([
    [0, {}, 'tail-lost'],
    [1, { a: '1' }, 'tail-kept'],
  ])(
    'in the middle of a write that survives with probability %d leaves %j, and nobody is told',
    (survival, stored, told) => {
      const simulation = startPost({ disk: { writeMs: [5, 5], survival } });
      const answers: string[] = [];
      simulation.crashAt('S1', 'during-write');
      simulation.invoke('S1', { note: 'a', text: '1' }, (result) => answers.push(result));
      simulation.run({ for: 4 });
      expect([simulation.isCrashed('S1'), notes(simulation, 'S1'), answers]).toEqual([true, stored, []]);
      expect(simulation.counts).toMatchObject({ points: { 'during-write': 1 }, incidents: { [told]: 1 } });
    },
  );

  test('at a point passes it as often as said, and is forgotten with the crash', () => {
    const simulation = startPost();
    simulation.run({ for: 100 });
    simulation.crashAt('S1', 'after-release', { skip: 2 });
    for (const up of [true, true, false]) {
      simulation.invoke('S1', { post: 'S2', text: 'x' });
      simulation.run({ for: 20 });
      expect(simulation.isUp('S1')).toBe(up);
    }
    simulation.restart('S1');
    simulation.invoke('S1', { post: 'S2', text: 'x' });
    simulation.run({ for: 100 });
    expect(simulation.isUp('S1')).toBe(true);
  });

  test('after the release lets through what was sent', () => {
    const simulation = startPost();
    simulation.crashAt('S1', 'after-release');
    simulation.invoke('S1', { post: 'S2', text: 'sent' });
    simulation.run({ for: 20 });
    expect(delivered(simulation, 'S2')).toEqual(['sent']);
  });

  test('from within an answer ends the release there', () => {
    const simulation = startPost();
    const answers: string[] = [];
    simulation.invoke('S1', { note: 'a', text: '1' }, () => {
      answers.push('first');
      simulation.crash('S1');
    });
    simulation.invoke('S1', { note: 'b', text: '2' }, () => answers.push('second'));
    simulation.run({ for: 20 });
    expect(answers).toEqual(['first']);
    expect(simulation.trace.events.filter(({ kind }) => kind === 'answer')).toHaveLength(1);
    expect(simulation.counts.incidents).toEqual({ crash: 1 });
  });

  test('from within an observer lets nothing of that step out', () => {
    const released: string[] = [];
    const simulation = startPost({
      nodes: ['S1'],
      observer: (node) => ({
        stepped: () => simulation.crash(node),
        released: () => released.push(node),
      }),
    });
    simulation.invoke('S1', { post: 'S1', text: 'x' }, (result) => released.push(result));
    simulation.run({ for: 20 });
    expect([released, simulation.isCrashed('S1')]).toEqual([[], true]);
  });

  test('is the end of alarms and of invocations', () => {
    const simulation = startPost();
    simulation.invoke('S1', { alarm: 10 });
    simulation.run({ for: 5 });
    simulation.crash('S1');
    const unavailable: unknown = expect.objectContaining({ code: 'unavailable' });
    expect(() => simulation.invoke('S1', { alarm: 1 })).toThrow(unavailable);
    simulation.restart('S1');
    simulation.run({ for: 20 });
    expect(simulation.counts.inputs.wake).toBeUndefined();
    simulation.invoke('S1', { alarm: 30 });
    simulation.run({ for: 20 });
    expect(simulation.counts.inputs.wake).toBe(1);
  });
});

test('a lost disk is empty at the restart', () => {
  const simulation = startPost();
  simulation.invoke('S1', { note: 'a', text: '1' });
  simulation.run({ for: 20 });
  expect(() => simulation.loseDisk('S1')).toThrow('down');
  simulation.crash('S1');
  simulation.loseDisk('S1');
  simulation.restart('S1');
  expect(notes(simulation, 'S1')).toEqual({});
});

describe('time', () => {
  test('each life has a clock of its own, from 0', () => {
    const times: Time[] = [];
    const simulation = startPost({
      nodes: ['S1'],
      observer: () => ({ stepped: (_input, _output, now) => times.push(now) }),
    });
    simulation.run({ for: 1000 });
    simulation.invoke('S1', { alarm: 1250.5 });
    simulation.run({ for: 1000 });
    simulation.crash('S1');
    simulation.restart('S1');
    simulation.run({ for: 7 });
    simulation.invoke('S1', { alarm: 0 });
    simulation.run({ for: 7 });
    expect(times).toEqual([1000, 1250.5, 7, 7]);
  });

  test('no alarm rings early, whatever the rounding: the machine is woken once for each wish', () => {
    const simulation = startPost({ nodes: ['S1'] });
    simulation.run({ for: 1234.567 });
    simulation.crash('S1');
    simulation.restart('S1');
    for (let i = 1; i <= 500; i++) {
      simulation.invoke('S1', { alarm: (i - 1) * 1.1 + 1 / 3 });
      simulation.run({ for: 1.1 });
    }
    expect(simulation.counts.inputs.wake).toBe(500);
  });
});

describe('a clock', () => {
  const started = (): ReturnType<typeof startPost> => startPost({ nodes: ['S1'] });

  test.each([
    [2, 50],
    [0.5, 200],
  ])('that runs %d times as fast rings after %d ms for 100', (rate, ms) => {
    const simulation = started();
    simulation.invoke('S1', { alarm: 110 });
    simulation.run({ for: 10 });
    simulation.clock('S1').runAt(rate);
    simulation.run({ for: ms - 0.1 });
    expect(simulation.counts.inputs.wake).toBeUndefined();
    simulation.run({ for: 0.2 });
    expect(simulation.counts.inputs.wake).toBe(1);
  });

  test('that jumps rings at once for what it passed', () => {
    const simulation = started();
    simulation.invoke('S1', { alarm: 1000 });
    simulation.run({ for: 10 });
    simulation.clock('S1').jump(990);
    simulation.run({ for: 0 });
    expect(simulation.counts.inputs.wake).toBe(1);
  });

  test('does not ring for what was put off in the meantime', () => {
    const simulation = started();
    simulation.invoke('S1', { alarm: 100 });
    simulation.run({ for: 10 });
    simulation.invoke('S1', { alarm: 5000 });
    simulation.run({ for: 1 });
    simulation.clock('S1').jump(1000);
    simulation.run({ for: 100 });
    expect(simulation.counts.inputs.wake).toBeUndefined();
  });

  test('ends with its life: the next one runs like all others', () => {
    const simulation = started();
    const clock = simulation.clock('S1');
    clock.runAt(4);
    simulation.crash('S1');
    simulation.restart('S1');
    clock.jump(1000);
    simulation.invoke('S1', { alarm: 100 });
    simulation.run({ for: 99 });
    expect(simulation.counts.inputs.wake).toBeUndefined();
  });
});

describe('a pause', () => {
  test('holds back deliveries, alarms and answers, and lets them through in order', () => {
    const simulation = startPost({ disk: SLOW_DISK });
    const answers: string[] = [];
    simulation.invoke('S2', { note: 'a', text: '1' }, () => answers.push('written'));
    simulation.invoke('S2', { alarm: 3 });
    simulation.run({ for: 1 });
    simulation.pause('S2');
    for (const text of ['1', '2', '3']) simulation.invoke('S1', { post: 'S2', text });
    simulation.run({ for: 100 });
    expect([delivered(simulation, 'S2'), answers, simulation.counts.inputs.wake]).toEqual([[], [], undefined]);
    expect(notes(simulation, 'S2')).toEqual({ a: '1' });
    simulation.resume('S2');
    simulation.run({ for: 0 });
    expect([delivered(simulation, 'S2'), answers, simulation.counts.inputs.wake]).toEqual([
      ['1', '2', '3'],
      ['written'],
      1,
    ]);
  });

  test('an alarm that was held back does not ring if what came before it put it off', () => {
    const simulation = startPost({ nodes: ['S1'] });
    simulation.invoke('S1', { alarm: 10 });
    simulation.run({ for: 5 });
    simulation.pause('S1');
    simulation.invoke('S1', { alarm: 50 });
    simulation.run({ for: 10 });
    simulation.resume('S1');
    simulation.run({ for: 10 });
    expect(simulation.counts.inputs.wake).toBeUndefined();
    simulation.run({ for: 50 });
    expect(simulation.counts.inputs.wake).toBe(1);
  });

  test('ends with a crash: what was held back is gone', () => {
    const simulation = startPost();
    simulation.pause('S2');
    simulation.invoke('S1', { post: 'S2', text: 'held back' });
    simulation.run({ for: 20 });
    simulation.crash('S2');
    simulation.restart('S2');
    simulation.resume('S2');
    simulation.run({ for: 20 });
    expect(delivered(simulation, 'S2')).toEqual([]);
  });
});

describe('a program that ends by itself', () => {
  const broken = new Error('the machine is broken');

  test('is a violation', () => {
    const simulation = startPost({ seed: 77 });
    simulation.invoke('S2', { breakWith: broken });
    const violation: unknown = expect.objectContaining({ name: 'Violation', seed: 77, cause: broken });
    expect(() => simulation.run({ for: 10 })).toThrow(violation);
    expect(() => simulation.run({ for: 10 })).toThrow(/S2 ended: the machine is broken\nseed 77, at/);
  });

  test('unless it is expected: then the node is down until it is restarted by hand', () => {
    const simulation = startPost({ expected: (error, node) => error === broken && node === 'S2' });
    simulation.invoke('S2', { breakWith: broken });
    simulation.run({ for: 10 });
    expect([simulation.isUp('S2'), simulation.isCrashed('S2')]).toEqual([false, false]);
    simulation.calm();
    expect(simulation.isUp('S2')).toBe(false);
    simulation.restart('S2');
    expect(simulation.isUp('S2')).toBe(true);
  });

  test('so is a program that does not get up: its records make no sense', () => {
    const corrupt = new Error('corrupt');
    const definition = () => ({
      codec: { encode: () => {}, decode: () => '' },
      live: { from: '', to: '~' },
      recover: () => {
        throw corrupt;
      },
    });
    expect(() => startPost({ definition }).run({ for: 1 })).toThrow('S1 ended: corrupt');
    const simulation = startPost({ definition, expected: (error) => error === corrupt });
    simulation.run({ for: 1 });
    expect(simulation.nodes.some((node) => simulation.isUp(node))).toBe(false);
  });

  test('a caller whose `done` throws, as a failed expectation does, is one too', () => {
    const simulation = startPost();
    simulation.invoke('S1', { post: 'S2', text: 'x' }, () => {
      throw new Error('expected 1, received 2');
    });
    expect(() => simulation.run({ for: 10 })).toThrow('expected 1, received 2');
  });
});
