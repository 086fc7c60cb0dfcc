import { expect, test } from '@jest/globals';
import { noonMs, roundMessages } from '../testing/bank.js';
import { addToRounds, type Round } from './rounds.js';

const first = { round: 1, leader: 'S1', height: 1 };
const messages = roundMessages(first);
const until = (ms: number) => messages.filter(({ timeUs }) => timeUs < (noonMs + ms) * 1000).reduce(addToRounds, []);

test.each<[number, Partial<Round>]>([
  [0.1, { phase: 'prepare', promised: ['S1'], accepted: [] }],
  [1.25, { phase: 'prepare', promised: ['S1', 'S2'] }],
  [1.6, { phase: 'accept', promised: ['S1', 'S2', 'S3', 'S4', 'S5'], accepted: ['S1'] }],
  [2.8, { phase: 'accept', accepted: ['S1', 'S2', 'S3'] }],
  [9, { phase: 'committed', accepted: ['S1', 'S2', 'S3', 'S4', 'S5'], refused: [] }],
])('after %d ms', (ms, expected) => {
  expect(until(ms)).toHaveLength(1);
  expect(until(ms)[0]).toMatchObject({ leader: 'S1', subject: 'ballot (1, S1), height 1', ...expected });
});

test('who refuses is named; a round that gathers nothing ends empty', () => {
  const [prepare] = messages;
  const { subject, timeUs } = prepare!;
  const nack = { timeUs: timeUs + 1, sent: false, from: 'S4', to: 'S1', type: 'nack', subject };
  const withdraw = { timeUs: timeUs + 2, sent: true, from: 'S1', to: 'S2', type: 'withdraw', subject };
  expect([prepare!, nack, withdraw].reduce(addToRounds, [])[0]).toMatchObject({ refused: ['S4'], phase: 'empty' });
});

test('a round whose beginning nobody watched is left out, and background messages are none', () => {
  const late = messages.filter(({ type }) => type !== 'prepare');
  const status = { timeUs: 1, sent: true, from: 'S1', to: 'S2', type: 'status', subject: 'ballot (1, S1), height 1' };
  expect([...late, status].reduce(addToRounds, [])).toEqual([]);
});

test('the newest twenty are kept', () => {
  const rounds = Array.from({ length: 30 }, (_, i) =>
    roundMessages({ round: i + 1, leader: 'S1', height: i + 1 }),
  ).flat();
  const kept = rounds.reduce<readonly Round[]>(addToRounds, []);
  expect(kept).toHaveLength(20);
  expect(kept.at(-1)?.subject).toBe('ballot (30, S1), height 30');
});
