import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { AdminConnection, type SilenceOrder, type SilenceSubject } from '@synod/transport/client';
import type { Counter } from '../testing/counter.js';
import { Counters } from '../testing/counters.js';

let counters: Counters;
let admin: AdminConnection;
beforeEach(async () => {
  counters = await Counters.make(2);
  admin = new AdminConnection(counters.addressOf('S1'));
});
afterEach(async () => {
  admin.close();
  await counters.close();
});

const everything: SilenceOrder = { phase: undefined, afterMs: 0 };

/** S1 and S2, linked to one another. `delivered`: the totals that S2 is told. */
async function linked(): Promise<{ one: Counter; delivered: EventEmitter }> {
  const delivered = new EventEmitter();
  await counters.start('S2', {}, (it) => {
    it.observer = {
      released: (_output, input) => void (input.kind === 'deliver' && delivered.emit('total', input.message.total)),
    };
  });
  const { counter: one } = await counters.start('S1', { allowFaults: true });
  const events = one.instruments.events;
  await new Promise<void>((resolve) => {
    const look = ({ kind }: { readonly kind: string }): void => void (kind === 'link-up' && resolve());
    events.onEvent(look);
    events.last(100).forEach(look);
  });
  return { one, delivered };
}

test('a silent server tells its peers nothing, not even later; it goes on counting, and can be told to end it', async () => {
  const { one, delivered } = await linked();
  const told = once(delivered, 'total');
  await admin.silence(everything);
  expect(await one.add(1)).toBe(1);
  expect(one.instruments.silence.list()).toEqual([{ key: undefined, phase: undefined, active: true }]);
  await admin.unsilence({});
  expect(await one.add(1)).toBe(2);
  expect(await told).toEqual([2]);
});

test('whoever watches the report hears of a silence', async () => {
  const { counter } = await counters.start('S1', { allowFaults: true });
  const changed = new Promise((resolve) => counter.door.changes.add(resolve));
  await admin.silence({ ...everything, afterMs: 3_600_000 });
  expect(await changed).toBe('state');
});

test.each<[SilenceOrder, string]>([
  [{ ...everything, phase: 'read' }, 'this server has no phases: only all of it can be silent'],
  [{ ...everything, key: 'a' }, 'this server has no registers: only all of it can be silent'],
  [{ ...everything, token: '101' }, 'this server has no tokens: only all of it can be silent'],
])('a server without registers is silent as a whole, or not at all: %j', async (order, message) => {
  const { counter } = await counters.start('S1', { allowFaults: true });
  await expect(admin.silence(order)).rejects.toMatchObject({ code: 'invalid_argument', message });
  expect(counter.instruments.silence.isEmpty).toBe(true);
});

test('an application with registers says which one a silence is about, or that there is none', async () => {
  const asked: SilenceSubject[] = [];
  const { counter } = await counters.start('S1', { allowFaults: true }, (it) => {
    it.silenceKey = (subject) => {
      asked.push(subject);
      if (subject.token !== undefined) throw new SynodError('unknown_token', 'there is no such token');
      return 'its/key';
    };
  });
  await admin.silence({ key: 'k', phase: 'write', afterMs: 3_600_000 });
  expect(counter.instruments.silence.list()).toEqual([{ key: 'its/key', phase: 'write', active: false }]);
  await expect(admin.silence({ ...everything, token: 't' })).rejects.toMatchObject({ code: 'unknown_token' });
  await expect(admin.unsilence({ token: 't' })).rejects.toMatchObject({ code: 'unknown_token' });
  await admin.unsilence({ key: 'k' });
  expect(counter.instruments.silence.isEmpty).toBe(true);
  expect(asked).toEqual([{ key: 'k' }, { token: 't' }, { token: 't' }, { key: 'k' }]);
});

test('without --allow-faults there is no silence', async () => {
  const { counter } = await counters.start('S1');
  await expect(admin.silence(everything)).rejects.toMatchObject({ code: 'refused' });
  await expect(admin.unsilence({})).rejects.toMatchObject({ code: 'refused' });
  expect(counter.instruments.silence.isEmpty).toBe(true);
});

test.each(['stop', 'fail'] as const)('a silence that is still to come does not outlive its server: %s', async (how) => {
  const { server, counter } = await counters.start('S1', { allowFaults: true });
  const closed = jest.spyOn(counter.instruments.silence, 'close');
  await admin.silence({ ...everything, afterMs: 3_600_000 });
  if (how === 'fail') server.fail(new Error('an error nobody caught'));
  await server.stop();
  expect(closed).toHaveBeenCalledTimes(1);
});
