import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Backlog } from './backlog.js';

const KiB = 1024;
const limits = { underWayBytes: 100 * KiB, unreadBytes: 200 * KiB, waitingBytes: 10 * KiB };

test('who holds much begins nothing while it is full, who holds little does up to twice the limits', () => {
  const backlog = new Backlog(limits);
  backlog.begin(100 * KiB - 1);
  expect(backlog.admits(1024 * KiB)).toBe(true);
  backlog.begin(1);
  expect(backlog.admits(64 * KiB + 1)).toBe(false);
  expect(backlog.admits(64 * KiB)).toBe(true);
  backlog.begin(100 * KiB);
  expect(backlog.admits(0)).toBe(false);
  backlog.answered(200 * KiB, 0);
  expect(backlog.admits(1024 * KiB)).toBe(true);
});

test('what is answered and not read counts too', () => {
  const backlog = new Backlog(limits);
  backlog.begin(1);
  backlog.answered(1, 200 * KiB);
  expect(backlog.isUnread).toBe(true);
  expect(backlog.admits(65 * KiB)).toBe(false);
  backlog.read(1);
  expect(backlog.isUnread).toBe(false);
  expect(backlog.admits(65 * KiB)).toBe(true);
});

test('what is there already may be told whatever is under way, as long as answers are read', () => {
  const backlog = new Backlog(limits);
  backlog.begin(200 * KiB);
  expect([backlog.admits(0), backlog.takes(1024 * KiB)]).toEqual([false, true]);
  backlog.answered(200 * KiB, 200 * KiB);
  expect([backlog.takes(65 * KiB), backlog.takes(64 * KiB)]).toEqual([false, true]);
  backlog.answered(0, 200 * KiB);
  expect(backlog.takes(0)).toBe(false);
});

test('who waits is called once, in turn, when there may be room', async () => {
  const backlog = new Backlog(limits);
  const called: string[] = [];
  const waiting = (name: string, again = false) => ({
    proceed() {
      called.push(name);
      if (again) backlog.wait(this);
    },
  });
  const gone = waiting('gone');
  backlog.wait(waiting('first', true));
  backlog.wait(waiting('second'));
  backlog.wait(gone);
  backlog.leave(gone);
  await turn();
  expect(called).toEqual([]);
  backlog.read(0);
  backlog.answered(0, 0);
  await turn();
  expect(called).toEqual(['first', 'second']);
  backlog.read(0);
  await turn();
  expect(called).toEqual(['first', 'second', 'first']);
});

test('what waits is bounded too', () => {
  const backlog = new Backlog(limits);
  backlog.defer(9 * KiB);
  expect(backlog.hasRoomFor(KiB)).toBe(true);
  expect(backlog.hasRoomFor(KiB + 1)).toBe(false);
  backlog.defer(-9 * KiB);
  expect(backlog.hasRoomFor(10 * KiB)).toBe(true);
});
