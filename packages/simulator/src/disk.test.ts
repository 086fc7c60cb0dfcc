import { describe, expect, test } from '@jest/globals';
import { SimulatedDisk, type DiskConditions } from './disk.js';
import { Process } from './process.js';
import { seededRandom } from './random.js';
import { Timeline } from './timeline.js';

function newDisk(conditions: Partial<DiskConditions> = {}, seed = 1) {
  const timeline = new Timeline();
  const disk = new SimulatedDisk('S1', timeline, seededRandom(seed), { writeMs: [1, 5], survival: 0, ...conditions });
  const process = new Process(timeline);
  const storage = disk.mount(process);
  const write = (entries: Record<string, string | undefined>, done: (error?: Error) => void = () => {}): void => {
    const batch = Object.entries(entries).map(([key, value]) => ({
      key,
      value: value === undefined ? value : Buffer.from(value),
    }));
    storage.write(batch, done);
  };
  const read = (key: string): string | undefined => decode(storage.get(key));
  const durable = (): string[] => [...disk.durable.keys()].sort();
  return { timeline, disk, process, storage, write, read, durable };
}

test('a write takes its time, is durable when it completes, and is seen before that', () => {
  const { timeline, write, read, durable } = newDisk({ writeMs: [3, 3] });
  let doneAt: number | undefined;
  write({ a: '1' }, () => (doneAt = timeline.now));
  expect([read('a'), durable()]).toEqual(['1', []]);
  timeline.advance(2);
  expect(durable()).toEqual([]);
  timeline.advance(3);
  expect([doneAt, durable()]).toEqual([3, ['a']]);
});

test('writes complete one after the other, in call order; the latest is what one reads', () => {
  const { timeline, write, read } = newDisk();
  const order: string[] = [];
  write({ a: '1', b: '1' }, () => order.push('first'));
  write({ a: '2', b: undefined }, () => order.push('second'));
  expect([read('a'), read('b')]).toEqual(['2', undefined]);
  while (timeline.advance(100));
  expect(order).toEqual(['first', 'second']);
  expect([read('a'), read('b')]).toEqual(['2', undefined]);
});

test('a range is read in key order', async () => {
  const { timeline, write, storage } = newDisk();
  write({ b: '2', c: '3', a: '1', d: '4' });
  timeline.advance(100);
  const keys: string[] = [];
  for await (const [key] of storage.scan({ from: 'a', to: 'd' })) keys.push(key);
  expect(keys).toEqual(['a', 'b', 'c']);
});

describe('a crash', () => {
  test('loses what is not durable, and only that', () => {
    const { timeline, disk, process, write, durable } = newDisk({ writeMs: [1, 1] });
    let acknowledged = '';
    write({ a: '1' }, () => (acknowledged += 'a'));
    write({ b: '2' }, () => (acknowledged += 'b'));
    timeline.advance(1);
    process.end();
    disk.crash();
    timeline.advance(100);
    expect([durable(), acknowledged]).toEqual([['a'], 'a']);
  });

  test('keeps a prefix of the unfinished writes, each whole or not at all', () => {
    const left = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const { disk, process, write, durable } = newDisk({ survival: 0.5 }, seed);
      write({ a1: '', a2: '' });
      write({ b1: '', b2: '' });
      write({ c1: '', c2: '' });
      process.end();
      disk.crash();
      left.add(durable().join(' '));
    }
    expect([...left].sort()).toEqual(['', 'a1 a2', 'a1 a2 b1 b2', 'a1 a2 b1 b2 c1 c2']);
  });

  test('a dead process writes nothing more', () => {
    const { timeline, process, write, durable } = newDisk();
    process.end();
    write({ a: '1' });
    timeline.advance(100);
    expect(durable()).toEqual([]);
  });
});

test('a write goes on while its process is paused; the process hears of it later', () => {
  const { timeline, process, write, durable } = newDisk();
  let heard = false;
  write({ a: '1' }, () => (heard = true));
  process.pause();
  timeline.advance(10);
  expect([durable(), heard]).toEqual([['a'], false]);
  process.resume();
  timeline.advance(10);
  expect(heard).toBe(true);
});

describe('a fault of the disk', () => {
  test('slow: writes take so many times as long', () => {
    const { timeline, disk, write } = newDisk({ writeMs: [2, 2] });
    let doneAt: number | undefined;
    disk.slowDown(10);
    write({ a: '1' }, () => (doneAt = timeline.now));
    while (timeline.advance(100));
    expect(doneAt).toBe(20);
  });

  test('slow: what is under way when the disk is well again takes no longer than others', () => {
    const { timeline, disk, write } = newDisk({ writeMs: [2, 2] });
    const doneAt: number[] = [];
    disk.slowDown(1000);
    for (const key of ['a', 'b']) write({ [key]: '1' }, () => doneAt.push(timeline.now));
    timeline.advance(50);
    disk.slowDown(1);
    while (timeline.advance(100));
    expect(doneAt).toEqual([52, 54]);
  });

  test('full: a write fails and leaves nothing', () => {
    const { timeline, disk, process, write, durable } = newDisk();
    let failure: Error | undefined;
    disk.full = true;
    write({ a: '1' }, (error) => (failure = error));
    while (timeline.advance(100));
    process.end();
    disk.crash();
    expect([durable(), failure]).toEqual([[], expect.objectContaining({ code: 'storage_failed' })]);
  });

  test('a flipped bit: opening refuses, until another disk takes its place', () => {
    const { timeline, disk, write } = newDisk();
    write({ a: '1' });
    timeline.advance(100);
    disk.damage();
    const everything = { from: '', to: '~' };
    expect(() => disk.range(everything)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    disk.lose();
    expect([disk.damaged, disk.range(everything)]).toEqual([false, []]);
  });

  test.each([
    [0, []],
    [0.5, ['b']],
    [1, ['b', 'c']],
  ])('a lie: a crash leaves what was confirmed during it, a failure of the power the part %j', (kept, left) => {
    const { timeline, disk, process, write, durable } = newDisk();
    const confirmed: string[] = [];
    const put = (key: string): void => {
      write({ [key]: '' }, () => confirmed.push(key));
      timeline.advance(timeline.now + 10);
    };
    put('a');
    disk.lie();
    put('b');
    put('c');
    process.end();
    disk.crash();
    expect([confirmed, durable()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    const standing = disk.standingWithout(kept);
    disk.forget(kept);
    expect([durable(), disk.cut]).toEqual([['a', ...left], kept < 1]);
    const { recovered } = disk.mount(new Process(timeline)).opening;
    expect([recovered, standing?.recovered]).toEqual([1 + left.length, kept < 1 ? recovered : undefined]);
  });

  test('a lie that ends before the crash has done no harm', () => {
    const { timeline, disk, process, write, durable } = newDisk();
    disk.lie();
    write({ a: '1' });
    timeline.advance(100);
    disk.confess();
    process.end();
    disk.crash();
    disk.forget(0);
    expect([durable(), disk.cut]).toEqual([['a'], false]);
  });
});

test('a lost disk is empty', () => {
  const { timeline, disk, write, durable } = newDisk();
  write({ a: '1' });
  timeline.advance(100);
  disk.lose();
  expect(durable()).toEqual([]);
});

function decode(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString();
}
