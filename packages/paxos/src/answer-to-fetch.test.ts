import { expect, test } from '@jest/globals';
import { Effects } from '@synod/kernel';
import { answerToFetch } from './answer-to-fetch.js';
import { makeBlock } from './block.js';
import { Chain } from './chain.js';
import { Membership } from './membership.js';
import { defaultLimits, type Application } from './options.js';
import type { PaxosRecord } from './records.js';
import type { LogProtocol } from './replicated-log.js';
import { genesis, textCodec } from './testing/text-codec.js';

const ballot = { round: 1, server: 'S1' };
const limits = { ...defaultLimits, snapshotEntries: 2 };

/** An application that has this to tell of the blocks so far. */
function application(state: Uint8Array | undefined): Application<string> {
  return { apply: () => {}, ended: () => {}, adopt: () => {}, snapshot: () => state };
}

/** Three blocks of one entry each, and a fourth after a gap. */
function chain(): Chain<string> {
  const stored = new Map<string, PaxosRecord<string>>();
  const made = new Chain<string>(genesis, textCodec, { get: (key) => stored.get(key) });
  const effects = new Effects<LogProtocol<string>>();
  const append = (height: number): void => {
    const entries = [{ owner: 'S1', sequence: height, value: 'v' }];
    made.append(makeBlock({ height, previous: made.hash, ballot, entries }, textCodec), effects);
  };
  for (const height of [1, 2, 3]) append(height);
  made.skipTo({ height: 9, hash: 'f', sequences: [['S1', 9]] }, effects);
  append(10);
  for (const { key, value } of effects.persist) stored.set(key, value!);
  return made;
}

const membership = new Membership<string>('S1', ['S1']);

const told = (height: number, entries: number, whole: boolean): string => {
  const fetch = { type: 'fetch', ballot, height, entries, whole } as const;
  const sources = { chain: chain(), membership, limits, application: application(new Uint8Array()) };
  const answer = answerToFetch(fetch, sources, ballot);
  return answer.type === 'snapshot'
    ? `snapshot ${answer.height}`
    : `blocks ${answer.blocks.map((one) => one.height).join()}`;
};

test.each([
  ['who lacks few entries gets the blocks', 10, 9, false, 'blocks 10'],
  ['so does who lacks just as many as are not far', 10, 8, false, 'blocks 10'],
  ['who lacks more gets a snapshot', 1, 7, false, 'snapshot 10'],
  ['so does who asks for blocks that are missing here', 4, 9, false, 'snapshot 10'],
  ['what is held below the gap is sent', 3, 9, false, 'blocks 3'],
  ['who lacks nothing gets nothing', 11, 10, false, 'blocks '],
  ['who needs every block gets blocks, however far behind', 1, 0, true, 'blocks 1,2,3'],
  ['and nothing where they are missing', 4, 3, true, 'blocks '],
])('%s', (_what, height, entries, whole, answer) => {
  expect(told(height, entries, whole)).toBe(answer);
});

test('an application without snapshots leaves everybody to the blocks', () => {
  const answer = answerToFetch(
    { type: 'fetch', ballot, height: 1, entries: 0, whole: false },
    { chain: chain(), membership, limits, application: application(undefined) },
    ballot,
  );
  expect(answer.type === 'blocks' && answer.blocks.length).toBe(3);
});
