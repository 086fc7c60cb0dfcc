import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { transfer } from './testing/lone-home.js';
import { Waiting } from './waiting.js';

const item = (id: string, from = 'S1') => ({ transfer: transfer(id, '1 to S9', from) });

describe('Waiting', () => {
  test('keeps each account in its own line, first in first out, accounts in natural order', () => {
    const waiting = new Waiting<{ transfer: ReturnType<typeof transfer> }>();
    const [a, b, c] = [item('a', 'S10'), item('b', 'S2'), item('c', 'S10')];
    for (const next of [a, b, c]) waiting.push(next);
    expect(waiting.accounts()).toEqual(['S2', 'S10']);
    expect([...waiting.all()]).toEqual([b, a, c]);
    expect(waiting.first('S10')).toBe(a);
    expect(waiting.find('S10', 'c')).toBe(c);
    expect(waiting.find('S2', 'c')).toBeUndefined();
    expect([waiting.length, waiting.lengthOf('S10'), waiting.lengthOf('S3')]).toEqual([3, 2, 0]);
    expect(waiting.shift('S2')).toBe(b);
    expect(waiting.accounts()).toEqual(['S10']);
    expect(waiting.shift('S10')).toBe(a);
    expect(waiting.shift('S10')).toBe(c);
    expect(waiting.isEmpty).toBe(true);
  });

  test('lets an id wait once, and nothing leave an empty line', () => {
    const waiting = new Waiting();
    waiting.push(item('a'));
    expect(() => waiting.push(item('a'))).toThrow('transfer a waits once');
    expect(() => waiting.shift('S2')).toThrow('a transfer of S2 waits');
  });

  test('is a queue, whatever the order of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 6 }), (bursts) => {
        const waiting = new Waiting<{ transfer: ReturnType<typeof transfer> }>();
        let pushed = 0;
        let shifted = 0;
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) waiting.push(item(`t${pushed++}`));
          for (let i = 0; i < burst * 0.8; i++) {
            if (waiting.shift('S1').transfer.id !== `t${shifted++}`) return false;
          }
        }
        expect(waiting.length).toBe(pushed - shifted);
        expect([...waiting.all()].map((left) => left.transfer.id)).toEqual(
          Array.from({ length: pushed - shifted }, (_, i) => `t${shifted + i}`),
        );
        return true;
      }),
      { numRuns: 30 },
    );
  });

  // A fraction of a second; minutes, and so the end of Jest's patience, if each shift looked for its front.
  test('empties a line of a million in linear time', () => {
    const waiting = new Waiting();
    for (let i = 0; i < 1_000_000; i++) waiting.push(item(`t${i}`));
    let shifted = 0;
    for (; !waiting.isEmpty; shifted++) waiting.shift(waiting.first('S1')!.transfer.from);
    expect(shifted).toBe(1_000_000);
  });
});
