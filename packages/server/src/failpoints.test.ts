import { expect, test } from '@jest/globals';
import { Effects, type Input, type Stepped } from '@synod/kernel';
import { Failpoints, failpointNames } from './failpoints.js';
import type { ServedProtocol } from './served-protocol.js';

const output = new Effects<ServedProtocol>();
const invoke = (type: string): Stepped<ServedProtocol> => ({
  input: { kind: 'invoke', id: 1, command: { type } },
  output,
});
const write = invoke('write');
const nack: Stepped<ServedProtocol> = {
  input: { kind: 'deliver', from: 'S2', message: { type: 'nack' } },
  output,
};
const others: Input<ServedProtocol>[] = [{ kind: 'wake' }, { kind: 'link', peer: 'S2', up: true }];

function counting(): { failpoints: Failpoints<ServedProtocol>; killed: () => number } {
  let killed = 0;
  return { failpoints: new Failpoints(['write', 'nack'], () => killed++), killed: () => killed };
}

test('every step of a group counts at each point; other types, links and alarms do not', () => {
  const { failpoints, killed } = counting();
  const rest = others.map((input) => ({ input, output }));
  failpoints.reached('before-write', [write, nack, write, invoke('status'), ...rest]);
  failpoints.reached('after-write', [nack]);
  expect(failpoints.states().filter(({ reached }) => reached > 0)).toEqual([
    { name: 'nack:after-write', reached: 1, armed: 0 },
    { name: 'nack:before-write', reached: 1, armed: 0 },
    { name: 'write:before-write', reached: 2, armed: 0 },
  ]);
  expect(killed()).toBe(0);
});

test('it kills once, when it is reached for the n-th time from when it was armed', () => {
  const { failpoints, killed } = counting();
  failpoints.reached('after-release', [write]);
  failpoints.set({ name: 'write:after-release', action: 'kill', hits: 2 });
  failpoints.reached('after-release', [write]);
  expect(killed()).toBe(0);
  failpoints.reached('before-write', [write]);
  expect(killed()).toBe(0);
  failpoints.reached('after-release', [write, write]);
  expect(killed()).toBe(1);
});

test('it can be disarmed', () => {
  const { failpoints, killed } = counting();
  failpoints.set({ name: 'nack:after-write', action: 'kill', hits: 1 });
  failpoints.set({ name: 'nack:after-write', action: 'off', hits: 1 });
  failpoints.reached('after-write', [nack]);
  expect(killed()).toBe(0);
});

test('what does not exist is refused', () => {
  const { failpoints } = counting();
  expect(() => failpoints.set({ name: 'status', action: 'kill', hits: 1 })).toThrow(/no failpoint "status"/);
  expect(() => failpoints.set({ name: 'write:after-write', action: 'kill', hits: 0 })).toThrow(/hits/);
});

test.each([
  ['write:after-write', 1],
  ['write:after-write:12', 12],
])('%s arms it for %i hits', (text, hits) => {
  const { failpoints } = counting();
  failpoints.arm(text);
  expect(failpoints.states()).toContainEqual({ name: 'write:after-write', reached: 0, armed: hits });
});

test.each([
  ['write', '--failpoint: there is no failpoint "write": write <type>:<point>, for example nack:after-release'],
  ['write:after-write:0', '--failpoint: hits are a number from 1 on, not 0'],
])('%s arms nothing', (text, message) => {
  const { failpoints } = counting();
  expect(() => failpoints.arm(text)).toThrow(expect.objectContaining({ code: 'config', message }));
  expect(failpoints.states().filter(({ armed }) => armed > 0)).toEqual([]);
});

test('names are in natural order', () => {
  expect(failpointNames(['s10', 's2'])).toEqual([
    's2:after-release',
    's2:after-write',
    's2:before-write',
    's10:after-release',
    's10:after-write',
    's10:before-write',
  ]);
});
