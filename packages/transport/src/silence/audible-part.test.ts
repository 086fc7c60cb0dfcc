import { expect, test } from '@jest/globals';
import { noMark, type RegisterMessage } from '@synod/register';
import { audiblePart } from './audible-part.js';
import { wholeServer, type Topic } from './topic.js';

const incarnation = '00000000000000a1';
const request = { incarnation, number: 1 };
const cell = { counter: 1, writer: 'S1', incarnation, value: undefined };
const page = { type: 'page', request, incarnation, identity: incarnation, next: undefined } as const;
const [a, b] = ['a', 'b'].map((key, i) => ({ number: i + 1, key }));
const [cellOfA, cellOfB] = [a, b].map((item) => ({ ...item!, cell }));

/** What is asked about a message that says all of itself. */
function topicsOf(message: RegisterMessage): Topic[] {
  const topics: Topic[] = [];
  expect(audiblePart(message, (topic) => topics.push(topic) < 0)).toEqual(message);
  return topics;
}

const lists: readonly RegisterMessage[] = [
  { type: 'read', incarnation, mark: noMark, items: [a!, b!] },
  { type: 'value', incarnation, items: [cellOfA!, cellOfB!] },
  { type: 'write', incarnation, mark: noMark, items: [cellOfA!, cellOfB!] },
  { type: 'ack', incarnation, items: [a!, b!] },
];
const about = (keys: readonly string[]) => (topic: Topic) => topic.keys.some((key) => keys.includes(key));

test.each(lists)('of a $type it says what concerns no muted register, and nothing if all are muted', (message) => {
  const items = 'items' in message ? message.items : [];
  expect(audiblePart(message, about(['a']))).toEqual({ ...message, items: [items[1]] });
  expect(audiblePart(message, about(['b']))).toEqual({ ...message, items: [items[0]] });
  expect(audiblePart(message, about(['a', 'b']))).toBeUndefined();
});

test.each(lists)('each register of a $type is a topic of its own, in its phase', (message) => {
  const phase = message.type === 'read' || message.type === 'value' ? 'read' : 'write';
  expect(topicsOf(message)).toEqual([
    { keys: ['a'], phase },
    { keys: ['b'], phase },
  ]);
});

test('a page vanishes whole: without one of its cells it would not be true', () => {
  const message = { ...page, cells: [cellOfA!, cellOfB!] };
  expect(topicsOf(message)).toEqual([{ keys: ['a', 'b'], phase: undefined }]);
  expect(audiblePart(message, about(['b']))).toBeUndefined();
});

test.each<RegisterMessage>([
  { ...page, cells: [] },
  { type: 'introduce', identity: incarnation, replaces: undefined },
  { type: 'acquainted', identity: incarnation },
  { type: 'configuration', replacements: [] },
  { type: 'copy', request, mark: noMark, from: 0, members: ['S1'] },
])('a $type that names no register is about the server as such', (message) => {
  expect(topicsOf(message)).toEqual([wholeServer]);
  expect(audiblePart(message, () => true)).toBeUndefined();
});
