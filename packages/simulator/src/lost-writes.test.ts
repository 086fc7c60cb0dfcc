// A disk that confirms what it does not keep: which losses peers notice, and which nobody can.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { Simulation } from './simulation.js';
import { notes, startPost, type Post } from './testing/post.js';

let refused: string[];
let simulation: Simulation<Post>;
beforeEach(() => {
  refused = [];
  const isCut = (error: Error): boolean => error instanceof SynodError && error.code === 'disk_cut';
  simulation = startPost({
    disk: { writeMs: [1, 1], survival: 0 },
    expected: (error) => isCut(error) && refused.push(error.message) > 0,
  });
  simulation.run({ for: 200 });
  note('S1', 'kept');
  simulation.run({ for: 200 });
  simulation.disk('S1').lie();
});

function note(node: string, text: string): void {
  simulation.invoke(node, { note: text, text });
  simulation.run({ for: 5 });
}

/** The power of S1 fails, and it starts with nothing of what was confirmed since. */
function forget({ whileDown = () => {} } = {}): void {
  simulation.crash('S1');
  simulation.disk('S1').forget(0);
  whileDown();
  simulation.restart('S1');
  simulation.run({ for: 100 });
}

describe('is noticed', () => {
  test('by every peer that was linked for 100 ms since: the node serves no more', () => {
    note('S1', 'gone');
    simulation.run({ for: 110 });
    expect(simulation.isWitnessed('S1', 0)).toBe(false); // from what they remember in memory alone
    forget();
    expect([simulation.isUp('S1'), simulation.isCrashed('S1'), simulation.disk('S1').cut]).toEqual([
      false,
      false,
      true,
    ]);
    expect(refused).toEqual([
      expect.stringMatching(/^S[23] remembers write 2 of S1, whose disk has lost those after 1$/),
    ]);
    expect(simulation.counts.incidents.refuse).toBeGreaterThan(0);
  });

  test('at once by a peer that got a message which came after what is lost', () => {
    note('S1', 'gone');
    simulation.invoke('S1', { post: 'S2', text: 'it is written' });
    simulation.run({ for: 5 });
    forget();
    expect(refused).toEqual(['S2 remembers write 2 of S1, whose disk has lost those after 1']);
  });

  test('by peers that were restarted since, if they wrote anything after they were told', () => {
    note('S1', 'gone');
    simulation.run({ for: 110 });
    note('S2', 'own');
    note('S3', 'own');
    expect([simulation.isWitnessed('S1', 0), simulation.isWitnessed('S1', 1)]).toEqual([true, false]);
    forget({ whileDown: () => ['S2', 'S3'].forEach((node) => (simulation.crash(node), simulation.restart(node))) });
    expect(refused).toHaveLength(1);
  });

  test('however much the node has written since, and however often it was started', () => {
    note('S1', 'gone');
    simulation.run({ for: 110 });
    for (const node of ['S2', 'S3']) simulation.cut('S1', node);
    for (const text of ['a', 'b', 'c']) {
      forget();
      note('S1', text);
    }
    expect([notes(simulation, 'S1'), refused]).toEqual([{ kept: 'kept', a: 'a', b: 'b', c: 'c' }, []]);
    simulation.heal();
    simulation.run({ for: 100 });
    expect(refused).toHaveLength(1);
  });

  test('and the node knows it from then on, whoever is there', () => {
    simulation = startPost({ disk: { survival: 1 }, expected: (error) => refused.push(error.message) > 0 });
    simulation.run({ for: 200 });
    simulation.disk('S1').lie();
    note('S1', 'gone');
    simulation.run({ for: 110 });
    forget();
    for (const node of ['S2', 'S3']) simulation.crash(node);
    simulation.restart('S1');
    expect([simulation.isUp('S1'), refused.length]).toEqual([false, 2]);
  });

  test('and another disk is welcome', () => {
    note('S1', 'gone');
    simulation.run({ for: 110 });
    forget();
    simulation.loseDisk('S1');
    simulation.restart('S1');
    simulation.run({ for: 100 });
    expect([simulation.isUp('S1'), refused.length]).toEqual([true, 1]);
  });

  test('and not if nothing is lost', () => {
    note('S1', 'confirmed');
    simulation.run({ for: 110 });
    simulation.crash('S1');
    simulation.disk('S1').confess();
    simulation.restart('S1');
    simulation.run({ for: 100 });
    expect([refused, notes(simulation, 'S1')]).toEqual([[], { kept: 'kept', confirmed: 'confirmed' }]);
  });
});

describe('is not noticed, and the node serves with less', () => {
  test('if the power fails before any peer was told', () => {
    note('S1', 'gone');
    simulation.run({ for: 50 });
    forget();
    expect([simulation.isUp('S1'), refused, notes(simulation, 'S1')]).toEqual([true, [], { kept: 'kept' }]);
  });

  test('if no peer was linked', () => {
    for (const node of ['S2', 'S3']) simulation.cut('S1', node);
    note('S1', 'gone');
    simulation.run({ for: 1000 });
    forget({ whileDown: () => simulation.heal() });
    expect([simulation.isUp('S1'), refused]).toEqual([true, []]);
  });

  test('by a peer that was restarted, and had written nothing since it was told', () => {
    note('S1', 'gone');
    simulation.run({ for: 110 });
    forget({ whileDown: () => ['S2', 'S3'].forEach((node) => (simulation.crash(node), simulation.restart(node))) });
    expect([simulation.isUp('S1'), refused]).toEqual([true, []]);
  });
});
