import { describe, expect, test } from '@jest/globals';
import { QueueRounds } from './queue-rounds.js';

const automatic = (random = 1): QueueRounds => new QueueRounds(true, () => random);

describe('QueueRounds', () => {
  test('come after 1 s, and twice as late each time, up to 10 s', () => {
    const rounds = automatic();
    let now = 0;
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      rounds.keep(now);
      waits.push(rounds.dueAt! - now);
      now = rounds.dueAt!;
      expect(rounds.take(now)).toBe(true);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test('come at a random moment in the second half of the wait, so that servers do not collide for ever', () => {
    const rounds = automatic(0);
    rounds.keep(0);
    expect(rounds.dueAt).toBe(500);
  });

  test('come at once when something happens, and the waits begin anew', () => {
    const rounds = automatic();
    for (let i = 0; i < 5; i++) {
      rounds.keep(0);
      rounds.take(100_000);
    }
    rounds.hurry(200_000);
    expect(rounds.dueAt).toBe(200_000);
    expect(rounds.take(200_000)).toBe(true);
    rounds.keep(200_000);
    expect(rounds.dueAt).toBe(201_000);
  });

  test('of a flood are 50 ms apart', () => {
    const rounds = automatic();
    rounds.hurry(1000);
    rounds.take(1000);
    rounds.hurry(1001);
    rounds.hurry(1049);
    expect(rounds.dueAt).toBe(1050);
    expect(rounds.take(1049)).toBe(false);
    expect(rounds.take(1050)).toBe(true);
  });

  test('are none when the queue is empty, and the next queue begins anew', () => {
    const rounds = automatic();
    rounds.keep(0);
    rounds.take(1000);
    rounds.keep(1000);
    rounds.rest();
    expect(rounds.dueAt).toBeUndefined();
    rounds.keep(5000);
    expect(rounds.dueAt).toBe(6000);
  });

  test('are none on request only', () => {
    const rounds = new QueueRounds(false, () => 0.5);
    rounds.hurry(0);
    rounds.keep(0);
    expect(rounds.dueAt).toBeUndefined();
    expect(rounds.take(1e9)).toBe(false);
  });
});
