import { expect, test } from '@jest/globals';
import type { Standing } from './standing.js';
import { ScriptedNode } from './testing/scripted-node.js';

const S2: Standing = { disk: 'disk of S2', incarnation: 7n, recovered: 0, earlier: [] };
/** S2 again, without its last write. */
const S2cut: Standing = { ...S2, incarnation: 8n, recovered: 4, earlier: [{ incarnation: 7n, after: 0 }] };

function write(node: ScriptedNode, key: string): void {
  node.ask(key, (effects) => effects.put(key, '1'));
  node.settle();
}

/** Another process on the disk of the node. */
async function reopened({ storage }: ScriptedNode): Promise<ScriptedNode> {
  const node = new ScriptedNode();
  node.storage.memory = storage.memory;
  node.storage.lastNumber = storage.lastNumber;
  node.storage.opening = { ...storage.opening, incarnation: 2n, recovered: storage.lastNumber };
  return node.open();
}

const alarms = (node: ScriptedNode): number[] => [...node.clock.alarms.values()];

test('peers are told of the disk what storage says of it, and which openings wrote before', async () => {
  const node = await new ScriptedNode().open();
  expect(node.network.standing).toEqual({ ...node.storage.opening, earlier: [] });
  write(node, 'a');
  write(node, 'b');
  const again = await reopened(node);
  const earlier = [{ incarnation: 1n, after: 0 }];
  expect(again.network.standing).toEqual({ disk: 'disk of S1', incarnation: 2n, recovered: 2, earlier });
  expect((await reopened(again)).network.standing.earlier).toEqual(earlier);
});

test('what is remembered of peers goes with a write that is made anyway, and is there after a restart', async () => {
  const node = await new ScriptedNode().open();
  expect(node.network.greet('S2', S2)).toBeUndefined();
  node.network.heard('S2', 5);
  node.settle();
  expect(node.log).toEqual([]);
  write(node, 'a');
  const again = await reopened(node);
  expect(again.network.greet('S2', S2cut)).toBe('S1 remembers write 5 of S2, whose disk has lost those after 4');
});

test('what is heard within 100 ms of such a write waits for the next one', async () => {
  const node = await new ScriptedNode().open();
  node.network.greet('S2', S2);
  write(node, 'a');
  node.network.heard('S2', 5);
  node.clock.moveTo(99);
  write(node, 'b');
  expect((await reopened(node)).network.greet('S2', S2cut)).toBeUndefined();
  node.clock.moveTo(100);
  write(node, 'c');
  expect((await reopened(node)).network.greet('S2', S2cut)).toBeDefined();
});

test('a write is announced within 100 ms, many at once, and then no alarm is left', async () => {
  const node = await new ScriptedNode().open();
  expect(alarms(node)).toEqual([]);
  write(node, 'a');
  node.clock.moveTo(60);
  write(node, 'b');
  expect(alarms(node)).toEqual([100]);
  node.clock.moveTo(100);
  expect(node.log.at(-1)).toBe('announce 2');
  expect(alarms(node)).toEqual([]);
});

test('what is not durable yet is not announced', async () => {
  const node = await new ScriptedNode().open();
  write(node, 'a');
  node.ask('b', (effects) => effects.put('b', '1'));
  node.clock.turn();
  node.clock.moveTo(100);
  expect(node.log.at(-1)).toBe('announce 1');
});

test('a peer whose link comes up is told as soon', async () => {
  const node = await new ScriptedNode().open();
  node.network.link('S2', true);
  node.clock.moveTo(100);
  expect(node.log.at(-1)).toBe('announce 0');
  node.network.link('S2', false);
  expect(alarms(node)).toEqual([]);
});

test('a node that is refused says and answers nothing more, names who remembers what, and never starts again', async () => {
  const node = await new ScriptedNode().open();
  write(node, 'a');
  node.ask('b', (effects) => {
    effects.put('b', '1');
    effects.to('S2', 'told');
  });
  node.clock.turn();
  node.network.refused('S2 remembers write 9 of S1');
  node.network.refused('S3 remembers write 8 of S1');
  node.settle();
  expect(node.fatal).toEqual([expect.objectContaining({ code: 'disk_cut', message: 'S2 remembers write 9 of S1' })]);
  expect(node.log.filter((line) => !line.startsWith('write'))).toEqual(['answer a']);
  expect(alarms(node)).toEqual([]);
  await expect(reopened(node)).rejects.toMatchObject({ code: 'disk_cut', message: 'S2 remembers write 9 of S1' });
});
