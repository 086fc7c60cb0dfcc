import { describe, expect, test } from '@jest/globals';
import type { TracedMessage } from '@synod/kernel';
import { beginOf, fateOf, pairMessages } from './arrows.js';

const message = (timeUs: number, sent: boolean, changes: Partial<TracedMessage> = {}): TracedMessage => {
  return { timeUs, sent, from: 'S1', to: 'S2', type: 'prepare', subject: 'ballot (1, S1), height 1', ...changes };
};
const times = (messages: readonly TracedMessage[]) =>
  pairMessages(messages).map(({ sentUs, receivedUs }) => [sentUs, receivedUs]);

describe('what was sent meets what was received', () => {
  test('in order, where the same is sent again', () => {
    const sent = [message(1, true), message(2, true)];
    expect(times([...sent, message(5, false), message(6, false)])).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });

  test('by sender, receiver, type and subject', () => {
    const others = [{ from: 'S3' }, { to: 'S3' }, { type: 'accept' }, { subject: 'other' }];
    const received = others.map((changes) => message(5, false, changes));
    const arrows = pairMessages([message(1, true), ...received]);
    expect(arrows).toHaveLength(5);
    expect(arrows.filter(({ receivedUs }) => receivedUs === undefined)).toHaveLength(1);
  });

  test('also if the clock of the receiver is behind', () => {
    expect(times([message(3, false), message(4, true)])).toEqual([[4, 3]]);
  });
});

test('a message that was not seen being sent has arrived', () => {
  const [arrow] = pairMessages([message(3, false)]);
  expect([beginOf(arrow!), fateOf(arrow!, 9e9)]).toEqual([3, 'arrived']);
});

test('a message without arrival is under way for a second, then lost', () => {
  const [arrow] = pairMessages([message(0, true)]);
  expect(fateOf(arrow!, 1_000_000)).toBe('under way');
  expect(fateOf(arrow!, 1_000_001)).toBe('lost');
});

test('arrows stand in the order in which they began', () => {
  const second = { to: 'S3' };
  expect(times([message(5, false), message(2, true, second), message(1, true)])).toEqual([
    [1, 5],
    [2, undefined],
  ]);
});

describe('what is sent to a server that nobody watches yet', () => {
  const answer = { from: 'S2', to: 'S1', type: 'fetch' };
  const restarted = message(6_000_000, false, answer);

  test('is not called lost if that server sent something just before', () => {
    const arrows = pairMessages([message(6_000_100, true), restarted]);
    expect(arrows.map((arrow) => fateOf(arrow, 9e9))).toEqual(['arrived', 'not seen']);
  });

  test('is lost if that server sent something only later, or told of what it sent', () => {
    const [lost] = pairMessages([message(5_999_000, true), restarted]);
    expect(fateOf(lost!, 9e9)).toBe('lost');
    const watched = pairMessages([message(6_000_100, true), message(5_999_999, true, answer), restarted]);
    expect(watched.map((arrow) => fateOf(arrow, 9e9))).toEqual(['arrived', 'lost']);
  });
});
