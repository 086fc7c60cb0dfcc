import { expect, test } from '@jest/globals';
import { noMark, type RegisterMessage } from '@synod/register';
import { topicOf } from './register-topic.js';
import { wholeServer, type Topic } from './topic.js';

const incarnation = '00000000000000a1';
const request = { incarnation, number: 1 };
const cell = { counter: 1, writer: 'S1', incarnation, value: undefined };
const page = { type: 'page', request, incarnation, identity: incarnation, next: undefined } as const;

test.each<[RegisterMessage, Topic]>([
  [
    { type: 'read', request, mark: noMark, key: 'a' },
    { keys: ['a'], phase: 'read' },
  ],
  [
    { type: 'value', request, key: 'a', cell },
    { keys: ['a'], phase: 'read' },
  ],
  [
    { type: 'write', request, mark: noMark, key: 'a', cell },
    { keys: ['a'], phase: 'write' },
  ],
  [
    { type: 'ack', request, key: 'a' },
    { keys: ['a'], phase: 'write' },
  ],
  [
    {
      ...page,
      cells: [
        { key: 'a', cell },
        { key: 'b', cell },
      ],
    },
    { keys: ['a', 'b'], phase: undefined },
  ],
  [{ ...page, cells: [] }, wholeServer],
  [{ type: 'introduce', identity: incarnation, replaces: undefined }, wholeServer],
  [{ type: 'acquainted', identity: incarnation }, wholeServer],
  [{ type: 'configuration', replacements: [] }, wholeServer],
  [{ type: 'copy', request, mark: noMark, from: 0, members: ['S1'] }, wholeServer],
])('$type says what it is about', (message, topic) => {
  expect(topicOf(message)).toEqual(topic);
});
