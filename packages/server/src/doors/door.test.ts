import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MemoryNetwork, MemoryStorage, NodeLoop, systemClock } from '@synod/kernel';
import { Metrics } from '@synod/metrics';
import { Backlog, Silences } from '@synod/transport/server';
import { Members } from '../members.js';
import { EventLog } from '../observation/event-log.js';
import { Counter, type CounterProtocol } from '../testing/counter.js';
import { Door } from './door.js';

const metrics = new Metrics({ server: 'S1', now: () => 0 });
afterEach(() => metrics.close());
const silence = new Silences(systemClock);
const events = new EventLog('S1');
const members = new Members([], events);
const instruments = { server: 'S1', metrics, events, members, silence, backlog: new Backlog() };
const counter = new Counter(instruments, ['S1']);

let loop: NodeLoop<CounterProtocol>;
beforeEach(async () => {
  loop = await NodeLoop.open<CounterProtocol>({
    self: 'S1',
    definition: counter.definition,
    storage: new MemoryStorage(),
    transport: new MemoryNetwork<CounterProtocol['message']>().transport('S1'),
    clock: systemClock,
    onFatal: (error) => {
      throw error;
    },
  });
});
afterEach(() => loop.stop());

const add = { type: 'add', amount: 2 } as const;

test('callers reach the machine from the opening to the closing; others are turned away, never synchronously', async () => {
  const door = new Door<CounterProtocol>(instruments);
  let early = true;
  const first = door.ask(add, 'total').finally(() => (early = false));
  expect(early).toBe(true);
  await expect(first).rejects.toMatchObject({ code: 'not_ready', message: 'S1 is starting; nothing was done' });
  door.open(loop);
  expect(await door.ask(add, 'total')).toEqual({ type: 'total', total: 2 });
  door.close();
  await expect(door.ask(add, 'total')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'S1 is stopping; nothing was done',
  });
});

test('what entered before the closing is answered, and draining waits for it', async () => {
  const door = new Door<CounterProtocol>(instruments);
  door.open(loop);
  let answered = false;
  door.invoke(add, () => (answered = true));
  door.close();
  expect(door.underWay).toBe(1);
  await door.drained(60_000);
  expect(answered).toBe(true);
  expect(door.underWay).toBe(0);
});

test('what belongs to something that entered reaches the machine after the closing, until the loop has ended', async () => {
  class WideDoor extends Door<CounterProtocol> {
    within(): Promise<unknown> {
      return new Promise((resolve) => this.invokeWithin(add, resolve));
    }
  }
  const door = new WideDoor(instruments);
  expect(door.refusal).toMatchObject({ code: 'not_ready' });
  door.open(loop);
  expect(door.refusal).toBeUndefined();
  door.close();
  expect(door.refusal).toMatchObject({ code: 'unavailable' });
  expect(await door.within()).toEqual({ type: 'total', total: 2 });
  await loop.stop();
  await expect(door.within()).rejects.toMatchObject({ code: 'unavailable' });
});

test('draining waits for what an application does beside the machine, but not longer than it may', async () => {
  class BusyDoor extends Door<CounterProtocol> {
    searches = 1;
    override get underWay(): number {
      return super.underWay + this.searches;
    }
  }
  const door = new BusyDoor(instruments);
  await door.drained(0);
  expect(door.underWay).toBe(1);
  const drained = door.drained(60_000);
  door.searches = 0;
  await drained;
});

test('who watches the report hears of changes until the end of the watch', () => {
  const door = new Door<CounterProtocol>(instruments);
  const heard: string[] = [];
  const stop = door.onChange((change) => heard.push(change));
  door.changes.tell('state');
  stop();
  door.changes.tell('state');
  expect(heard).toEqual(['state']);
  expect(door.changes.isEmpty).toBe(true);
});
