import { expect, test } from '@jest/globals';
import { Effects, type Input, type Stepped } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import { failpointNames, Failpoints, parseFailpoint } from './failpoints.js';

const output = new Effects<LedgerProtocol>();
const invoke = (command: LedgerProtocol['command']): Stepped<LedgerProtocol> => ({
  input: { kind: 'invoke', id: 1, command },
  output,
});
const transfer = invoke({
  type: 'transfer',
  transfer: { id: 'a', from: 'S1', to: 'S2', amount: 1n },
  short: 'queue',
  durability: 'local',
  gather: undefined,
});
const withdraw: Stepped<LedgerProtocol> = {
  input: { kind: 'deliver', from: 'S2', message: { type: 'withdraw', ballot: { round: 1, server: 'S2' }, height: 1 } },
  output,
};
const others: Input<LedgerProtocol>[] = [{ kind: 'wake' }, { kind: 'link', peer: 'S2', up: true }];

function counting(): { failpoints: Failpoints; killed: () => number } {
  let killed = 0;
  return { failpoints: new Failpoints(() => killed++), killed: () => killed };
}

test('every step of a group counts at each point; questions, links and alarms do not', () => {
  const { failpoints, killed } = counting();
  const rest = others.map((input) => ({ input, output }));
  failpoints.reached('before-write', [transfer, withdraw, transfer, invoke({ type: 'log' }), ...rest]);
  failpoints.reached('after-write', [withdraw]);
  expect(failpoints.states().filter(({ reached }) => reached > 0)).toEqual([
    { name: 'transfer:before-write', reached: 2, armed: 0 },
    { name: 'withdraw:after-write', reached: 1, armed: 0 },
    { name: 'withdraw:before-write', reached: 1, armed: 0 },
  ]);
  expect(killed()).toBe(0);
});

test('it kills once, when it is reached for the n-th time from when it was armed', () => {
  const { failpoints, killed } = counting();
  failpoints.reached('after-release', [transfer]);
  failpoints.set({ name: 'transfer:after-release', action: 'kill', hits: 2 });
  failpoints.reached('after-release', [transfer]);
  expect(killed()).toBe(0);
  failpoints.reached('before-write', [transfer]);
  expect(killed()).toBe(0);
  failpoints.reached('after-release', [transfer, transfer]);
  expect(killed()).toBe(1);
});

test('it can be disarmed', () => {
  const { failpoints, killed } = counting();
  failpoints.set({ name: 'withdraw:after-write', action: 'kill', hits: 1 });
  failpoints.set({ name: 'withdraw:after-write', action: 'off', hits: 1 });
  failpoints.reached('after-write', [withdraw]);
  expect(killed()).toBe(0);
});

test('what does not exist is refused', () => {
  const { failpoints } = counting();
  expect(() => failpoints.set({ name: 'status', action: 'kill', hits: 1 })).toThrow(/no failpoint "status"/);
  expect(() => failpoints.set({ name: failpointNames[0]!, action: 'kill', hits: 0 })).toThrow(/hits/);
});

test('a name is read with or without hits', () => {
  expect(parseFailpoint('accept:after-write')).toEqual({ name: 'accept:after-write', action: 'kill', hits: 1 });
  expect(parseFailpoint('accept:after-write:12')).toEqual({ name: 'accept:after-write', action: 'kill', hits: 12 });
});
