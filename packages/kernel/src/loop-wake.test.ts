import { expect, test } from '@jest/globals';
import { ScriptedNode } from './testing/scripted-node.js';

/** A node that logs its wakes and the alarms that are set. */
async function sleeper(wakeAt?: number): Promise<ScriptedNode> {
  const node = new ScriptedNode();
  node.wakeAt = wakeAt;
  node.react = (input, _, now) => input.kind === 'wake' && node.log.push(`wake at ${now}`);
  return node.open();
}

const alarms = (node: ScriptedNode): number[] => [...node.clock.alarms.values()];

test('a machine that wants to wake from its start on is woken', async () => {
  const node = await sleeper(10);
  node.react = (input, _, now) => {
    node.log.push(`${input.kind} at ${now}`);
    node.wakeAt = undefined;
  };
  node.clock.moveTo(9);
  expect(node.clock.turn()).toBe(false);
  node.clock.moveTo(12);
  node.settle();
  expect(node.log).toEqual(['wake at 12']);
  expect(alarms(node)).toEqual([]);
});

test('there is one alarm, for the latest wish: later, earlier, or none', async () => {
  const node = await sleeper();
  for (const [wish, set] of [
    [50, [50]],
    [80, [80]],
    [20, [20]],
    [20, [20]],
    [undefined, []],
    [30, [30]],
  ] as const) {
    node.ask('wish', () => (node.wakeAt = wish));
    node.settle();
    expect(alarms(node)).toEqual(set);
  }
});

test('within one turn only the last wish counts', async () => {
  const node = await sleeper();
  node.ask('first', () => (node.wakeAt = 10));
  node.ask('second', () => (node.wakeAt = undefined));
  node.settle();
  expect(alarms(node)).toEqual([]);
});

test('a machine that keeps its wish is woken again, and one that moves it is woken then', async () => {
  const node = await sleeper(10);
  node.clock.moveTo(10);
  node.settle();
  expect(alarms(node)).toEqual([10]);
  node.wakeAt = 30;
  node.clock.moveTo(11);
  node.settle();
  expect(alarms(node)).toEqual([30]);
  node.clock.moveTo(30);
  node.settle();
  expect(node.log).toEqual(['wake at 10', 'wake at 11', 'wake at 30']);
});

test('a wish for a time that is past is an alarm like any other', async () => {
  const node = await sleeper();
  node.clock.moveTo(100);
  node.ask('wish', () => (node.wakeAt = 1));
  node.settle();
  node.wakeAt = undefined;
  node.clock.moveTo(100);
  node.settle();
  expect(node.log).toEqual(['answer wish', 'wake at 100']);
});

test('a stopping node sets no alarm', async () => {
  const node = await sleeper(10);
  node.ask('last', (effects) => {
    effects.put('a', '1');
    node.wakeAt = 20;
  });
  const stopped = node.loop.stop();
  expect(alarms(node)).toEqual([]);
  node.settle();
  await stopped;
  expect(alarms(node)).toEqual([]);
});

test('what has arrived by the end of the turn comes before the wake, or a node that stalled would judge without it', async () => {
  const node = await sleeper(10);
  node.react = (input) => {
    node.log.push(input.kind);
    node.wakeAt = undefined;
  };
  node.clock.moveTo(5000);
  node.network.deliver('S2', 'answer');
  node.settle();
  expect(node.log).toEqual(['deliver', 'wake']);
});
