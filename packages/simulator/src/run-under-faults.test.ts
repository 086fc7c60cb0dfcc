import { describe, expect, test } from '@jest/globals';
import type { Fault } from './fault.js';
import { runUnderFaults } from './run-under-faults.js';
import type { Simulation } from './simulation.js';
import { delivered, links, notes, startPost, type Post } from './testing/post.js';

const nodes = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** A fault that begins at 100 ms, of 1000; `look` sees the world at 150 ms. */
function under(
  fault: Fault,
  look: (simulation: Simulation<Post>) => void,
  mayBegin: (fault: Fault, now: number) => boolean = () => true,
): Simulation<Post> {
  const simulation = startPost({ nodes, disk: { writeMs: [1, 1] } });
  simulation.invoke('S1', { note: 'a', text: '1' });
  simulation.after(150, () => look(simulation));
  const allows = (fault: Fault): boolean => mayBegin(fault, simulation.now);
  runUnderFaults(simulation, [{ at: 100, ...fault }], { forMs: 1000, allows });
  return simulation;
}

/** Who hears whom, as posts arrive that everybody sends everybody at 150 ms. */
function heard(fault: Fault): Record<string, string> {
  const simulation = under(fault, (simulation) => {
    for (const from of nodes) for (const to of nodes) simulation.invoke(from, { post: to, text: from });
  });
  return Object.fromEntries(nodes.map((node) => [node, delivered(simulation, node).sort().join(' ')]));
}

describe('the process', () => {
  test.each(['crash', 'pause'] as const)('%s: stands still, and goes on after its time', (kind) => {
    const simulation = under({ kind, node: 'S1', forMs: 100 }, (simulation) =>
      simulation.invoke('S2', { post: 'S1', text: kind }),
    );
    expect(delivered(simulation, 'S1')).toEqual(kind === 'crash' ? [] : ['pause']);
    expect([simulation.isUp('S1'), notes(simulation, 'S1')]).toEqual([true, { a: '1' }]);
  });

  test('a crash at a point that is not reached in time is called off', () => {
    const simulation = under({ kind: 'crash-point', node: 'S1', point: 'after-write', skip: 9, forMs: 100 }, () => {});
    for (let i = 0; i < 20; i++) simulation.invoke('S1', { note: 'b', text: '2' });
    simulation.run({ for: 100 });
    expect(simulation.isUp('S1')).toBe(true);
  });
});

describe('the network', () => {
  test('one-way: one direction is silent', () => {
    expect(heard({ kind: 'one-way', from: 'S1', to: 'S2', forMs: 500 })).toMatchObject({
      S1: nodes.join(' '),
      S2: 'S2 S3 S4 S5',
    });
  });

  test('partition: groups hear themselves', () => {
    const groups = [
      ['S1', 'S2'],
      ['S3', 'S4', 'S5'],
    ];
    expect(heard({ kind: 'partition', groups, forMs: 500 })).toMatchObject({ S1: 'S1 S2', S5: 'S3 S4 S5' });
  });

  test('majority: it hears itself, and the others are alone', () => {
    expect(heard({ kind: 'majority', nodes: ['S1', 'S2', 'S3'], forMs: 500 })).toEqual({
      S1: 'S1 S2 S3',
      S2: 'S1 S2 S3',
      S3: 'S1 S2 S3',
      S4: 'S4',
      S5: 'S5',
    });
  });

  test('ring: everybody hears a majority, and no two the same', () => {
    expect(heard({ kind: 'ring', nodes, forMs: 500 })).toEqual({
      S1: 'S1 S2 S5',
      S2: 'S1 S2 S3',
      S3: 'S2 S3 S4',
      S4: 'S3 S4 S5',
      S5: 'S1 S4 S5',
    });
  });

  test('a cut that ends leaves alone what another one still cuts', () => {
    const simulation = startPost({ nodes });
    const cut = { kind: 'one-way', from: 'S1', to: 'S2' } as const;
    simulation.after(300, () => simulation.invoke('S1', { post: 'S2', text: 'cut' }));
    simulation.after(600, () => simulation.invoke('S1', { post: 'S2', text: 'mended' }));
    runUnderFaults(
      simulation,
      [
        { at: 100, forMs: 400, ...cut },
        { at: 110, forMs: 10, ...cut },
      ],
      { forMs: 1000 },
    );
    expect(delivered(simulation, 'S2')).toEqual(['mended']);
    expect(links(simulation, 'S2').filter((link) => link.startsWith('S1'))).toEqual(['S1 up', 'S1 down', 'S1 up']);
  });

  test.each(['loss', 'duplication'] as const)('%s: as long as it lasts', (kind) => {
    const simulation = under({ kind, probability: 1, forMs: 100 }, (simulation) =>
      simulation.invoke('S1', { post: 'S2', text: 'during' }),
    );
    simulation.invoke('S1', { post: 'S2', text: 'after' });
    simulation.run({ for: 100 });
    expect(delivered(simulation, 'S2')).toEqual(kind === 'loss' ? ['after'] : ['during', 'during', 'after']);
  });
});

describe('the disk', () => {
  test('full: the node ends at its next write, and starts when there is space', () => {
    const simulation = under({ kind: 'full-disk', node: 'S1', forMs: 200 }, (simulation) => {
      simulation.invoke('S1', { note: 'b', text: '2' });
      simulation.after(50, () => expect(simulation.isUp('S1')).toBe(false));
    });
    expect(simulation.isUp('S1')).toBe(true);
    simulation.invoke('S1', { note: 'c', text: '3' });
    simulation.run({ for: 10 });
    expect(notes(simulation, 'S1')).toMatchObject({ a: '1', c: '3' });
  });

  test('full: also a node that hears of it after the disk has space again, because it was paused, starts again', () => {
    const simulation = startPost({ nodes, disk: { writeMs: [1, 1] } });
    simulation.after(150, () => simulation.invoke('S1', { note: 'a', text: '1' }));
    runUnderFaults(
      simulation,
      [
        { at: 100, kind: 'full-disk', node: 'S1', forMs: 100 },
        { at: 150.5, kind: 'pause', node: 'S1', forMs: 200 },
      ],
      { forMs: 1000 },
    );
    expect([simulation.isUp('S1'), notes(simulation, 'S1')]).toEqual([true, {}]);
  });

  test('lost: the node starts from nothing', () => {
    const simulation = under({ kind: 'lost-disk', node: 'S1', forMs: 100 }, () => {});
    expect([simulation.isUp('S1'), notes(simulation, 'S1')]).toEqual([true, {}]);
  });

  test('a flipped bit: the node refuses to start, whoever starts it, until its disk is taken away', () => {
    const simulation = under({ kind: 'bit-flip', node: 'S1', forMs: 300 }, (simulation) => {
      simulation.restart('S1');
      expect([simulation.isUp('S1'), simulation.disk('S1').damaged]).toEqual([false, true]);
    });
    expect([simulation.isUp('S1'), notes(simulation, 'S1')]).toEqual([true, {}]);
  });

  test.each([true, false])(
    'a lie: what was answered last is gone, if that is allowed when the power fails: %j',
    (allowed) => {
      const answers: string[] = [];
      const lie = { kind: 'lying-fsync', node: 'S1', forMs: 100, downMs: 100, kept: 0 } as const;
      const asked: number[] = [];
      const simulation = under(
        lie,
        (simulation) => simulation.invoke('S1', { note: 'b', text: '2' }, (result) => answers.push(result)),
        (_, now) => asked.push(now) > 0 && allowed,
      );
      expect([answers, simulation.isUp('S1')]).toEqual([['done'], true]);
      expect(notes(simulation, 'S1')).toEqual(allowed ? { a: '1' } : { a: '1', b: '2' });
      expect([asked, simulation.counts.faults]).toEqual([[200], allowed ? { 'lying-fsync': 1 } : {}]);
    },
  );
});

test('a fault counts if it takes effect: not if its node is down, or it may not happen now', () => {
  const down = under(
    { kind: 'pause', node: 'S1', forMs: 100 },
    () => {},
    () => true,
  );
  expect(down.counts.faults).toEqual({ pause: 1 });
  const refused = under(
    { kind: 'lost-disk', node: 'S1', forMs: 100 },
    () => {},
    () => false,
  );
  expect([refused.counts.faults, notes(refused, 'S1')]).toEqual([{}, { a: '1' }]);
  const simulation = startPost();
  simulation.crash('S1');
  runUnderFaults(simulation, [{ at: 1, kind: 'pause', node: 'S1', forMs: 1 }], { forMs: 10 });
  expect(simulation.counts.faults).toEqual({});
});

test('when the time is over every fault ends, and none begins later', () => {
  const simulation = startPost();
  runUnderFaults(
    simulation,
    [
      { at: 10, kind: 'crash', node: 'S1', forMs: 5000 },
      { at: 900, kind: 'crash', node: 'S2', forMs: 5000 },
    ],
    { forMs: 100 },
  );
  expect(simulation.isUp('S1')).toBe(true);
  simulation.run({ for: 2000 });
  expect([simulation.isUp('S2'), simulation.counts.faults]).toEqual([true, { crash: 1 }]);
});
