import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { Times } from '@synod/metrics';
import { Load } from './load.js';
import type { Ended, Subject } from './subject.js';

/** Operations that end when the test says so. */
class Stub implements Subject {
  readonly underWay: Ended[] = [];
  begun = 0;
  most = 0;

  begin(ended: Ended): void {
    this.begun++;
    this.most = Math.max(this.most, this.underWay.push(ended));
  }

  endOne(kind = 'write', error?: SynodError): void {
    this.underWay.shift()!(kind, error);
  }

  counters() {
    return { begun: this.begun };
  }

  async verify() {
    return { checked: 0, lost: [], facts: {} };
  }

  async close(): Promise<void> {}
}

function timesOf(text: Parameters<Times['add']>[0]): Times {
  const times = new Times();
  times.add(text);
  return times;
}

describe('one begins when one ends', () => {
  test('so many are under way as were asked for, and no more', () => {
    const stub = new Stub();
    new Load(stub, { inFlight: 3, rate: undefined }).start();
    expect(stub.underWay).toHaveLength(3);
    stub.endOne();
    expect(stub.underWay).toHaveLength(3);
    expect(stub.begun).toBe(4);
  });

  test('what ended before it was measured, and after, does not count; what is under way at the end is waited for', async () => {
    const stub = new Stub();
    const load = new Load(stub, { inFlight: 2, rate: undefined });
    load.start();
    stub.endOne();
    load.measure();
    stub.endOne('read');
    stub.endOne('write');
    stub.endOne('write');
    const stopped = load.stop();
    stub.endOne();
    stub.endOne();
    const { times, counters } = await stopped;
    expect(Object.fromEntries(Object.entries(times).map(([kind, text]) => [kind, timesOf(text).count]))).toEqual({
      read: 1,
      write: 2,
    });
    expect(counters).toEqual({ begun: 3 });
    expect(stub.underWay).toHaveLength(0);
  });

  test('failures are counted by code, and are no operations', async () => {
    const stub = new Stub();
    const load = new Load(stub, { inFlight: 1, rate: undefined });
    load.start();
    load.measure();
    stub.endOne('write', new SynodError('no_quorum', 'nobody there'));
    const { times, failed } = await load.stop().finally(() => {});
    expect(times).toEqual({});
    expect(failed).toEqual({ no_quorum: 1 });
  });
});

describe('arrivals at a fixed rate', () => {
  test('those that found no room wait, and their time counts from when they were due', async () => {
    const stub = new Stub();
    const load = new Load(stub, { inFlight: 2, rate: 10_000 });
    load.start();
    load.measure();
    const stoodStillMs = 100;
    await new Promise((resolve) => setTimeout(resolve, stoodStillMs));
    expect(stub.most).toBe(2);
    for (let i = 0; i < 10; i++) stub.endOne();
    const stopped = load.stop();
    stub.endOne();
    stub.endOne();
    const { times, waiting } = await stopped;
    // The last of the ten was due within a few milliseconds of the start, and began when the first ones had ended.
    expect(timesOf(times['write']!).p50Ms).toBeGreaterThan(stoodStillMs / 2);
    expect(waiting).toBeGreaterThan(100);
  });
});
