import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import type { CounterServer } from './testing/counters.js';
import { Counters } from './testing/counters.js';

let counters: Counters;
beforeEach(async () => {
  counters = await Counters.make(3);
});
afterEach(() => counters.close());

const storeOf = (id: string): string => join(counters.dataOf(id), 'store');
const copyOf = (id: string): string => join(counters.dataOf(id), 'copy');

/** Starts a server whose deliveries are events. */
async function listening(id: string): Promise<{ started: CounterServer; delivered: EventEmitter }> {
  const delivered = new EventEmitter();
  const started = await counters.start(id, {}, (counter) => {
    counter.observer = { released: (_output, { kind }) => void delivered.emit(kind) };
  });
  return { started, delivered };
}

/** S1 counts until S2 has heard of it. */
async function countUntilHeard(one: CounterServer, delivered: EventEmitter): Promise<void> {
  let heard = false;
  void once(delivered, 'deliver').then(() => (heard = true));
  while (!heard) await one.counter.add(1);
}

const reason = (): unknown =>
  expect.objectContaining({
    code: 'disk_cut',
    message: expect.stringMatching(
      /^the store in .*\/S1\/store was cut short: S2 remembers write \d+ of S1, whose disk has lost those after \d+\. Count anew\.$/,
    ),
  });

/** S1 was stopped, copied, started, and told S2 of more; now it is stopped, and its store is the copy. */
async function setBack(): Promise<{ two: CounterServer }> {
  const { started: two, delivered } = await listening('S2');
  const one = await counters.start('S1');
  await countUntilHeard(one, delivered);
  await one.server.stop();
  await cp(storeOf('S1'), copyOf('S1'), { recursive: true });
  const again = await counters.start('S1');
  await countUntilHeard(again, delivered);
  await again.server.stop();
  await rm(storeOf('S1'), { recursive: true });
  await cp(copyOf('S1'), storeOf('S1'), { recursive: true });
  return { two };
}

test('a store that holds less than a peer remembers ends the server before it serves anybody, with what to do', async () => {
  await setBack();
  const { server, counter } = await counters.start('S1');
  expect(await server.ended).toEqual(reason());
  expect(counter.door.refusal).toBeDefined();
});

test('a store that was refused is not opened again, also where no peer is there; another one is', async () => {
  const { two } = await setBack();
  const refused = await counters.start('S1');
  await refused.server.ended;
  await refused.server.stop();
  await two.server.stop();
  await expect(counters.start('S1')).rejects.toEqual(reason());
  await rm(storeOf('S1'), { recursive: true });
  const { counter } = await counters.start('S1');
  expect(await counter.add(1)).toBe(1);
});

test('a peer that was restarted remembers, if it wrote anything after it heard', async () => {
  const { two } = await setBack();
  await two.counter.add(1);
  await two.server.stop();
  await counters.start('S2');
  const { server } = await counters.start('S1');
  expect(await server.ended).toEqual(reason());
});
