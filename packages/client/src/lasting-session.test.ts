import { expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { SessionOptions } from '@synod/transport/client';
import { LastingSession } from './lasting-session.js';
import { Standing } from './standing.js';

type Result = string | SynodError;

/** Sessions that do what the test says. */
function byHand() {
  const standing = new Standing();
  const opened: SessionOptions[] = [];
  const submitted: { readonly command: string; readonly done: (result: Result) => void; withdrawn: boolean }[] = [];
  const lasting = new LastingSession<string, string>((options) => {
    opened.push(options);
    return {
      submit(command, done) {
        const item = { command, done, withdrawn: false };
        submitted.push(item);
        return { withdraw: () => (item.withdrawn = true) };
      },
      close: () => undefined,
    };
  }, standing);
  return { standing, opened, submitted, lasting };
}

test('opens on first use, and anew after it ended, the later the more often it could not', () => {
  const { standing, opened, lasting } = byHand();
  expect(opened).toHaveLength(0);
  const delays: number[] = [];
  for (let i = 0; i < 5; i++) {
    lasting.submit('a', () => undefined);
    lasting.submit('b', () => undefined);
    expect(opened).toHaveLength(i + 1);
    delays.push(opened[i]!.delayMs!);
    opened[i]!.onEnd!();
    expect(standing.isGood).toBe(false);
  }
  expect(delays.slice(0, 2)).toEqual([0, 0]);
  expect(delays[4]).toBeGreaterThan(delays[2]!);
});

test('is open between the word of the server and its end', () => {
  const { standing, opened, lasting } = byHand();
  lasting.submit('a', () => undefined);
  standing.failed(0);
  expect(lasting.isOpen).toBe(false);
  opened[0]!.onOpen!();
  expect([lasting.isOpen, standing.isGood]).toEqual([true, true]);
  opened[0]!.onEnd!();
  expect(lasting.isOpen).toBe(false);
});

test('probes a server that failed, once a second, until it answers by itself', () => {
  const { standing, submitted, lasting } = byHand();
  lasting.probe('p', 5_000);
  expect(submitted).toHaveLength(0);
  standing.failed(0);
  for (const now of [1_000, 1_001, 2_000, 3_000]) lasting.probe('p', now);
  expect(submitted.map(({ withdrawn }) => withdrawn)).toEqual([true, true, false]);
  submitted[2]!.done(new SynodError('unavailable', 'the session ended', { definite: false }));
  expect(standing.isGood).toBe(false);
  lasting.probe('p', 4_000);
  submitted[3]!.done(new SynodError('no_quorum', 'no majority'));
  expect(standing.isGood).toBe(true);
});
