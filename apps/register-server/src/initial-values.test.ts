import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TokenRead } from '@synod/transport/client';
import { abc, abcStates, Workspace } from './testing/workspace.js';

/** 101 has an initial value that S1 writes, and so has 102, which is S1's alone. */
const tokens = ([s1, s2, s3]: readonly string[]): string => `
- { token: 101, writer: "${s1}", readers: ["${s2}", "${s3}"], name: abc, domain: [1, 5, 25] }
- { token: 102, writer: "${s1}", readers: ["${s1}"], name: abc, domain: [5, 5, 14] }
`;

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make({ tokens });
});
afterEach(() => workspace.close());

/** The token once it is there: its own writing is nothing that anybody is told of. */
async function initial(node: string, id: string): Promise<TokenRead> {
  const key = `token/${id}`;
  for await (const { value } of workspace.at(node).registers.watch(key)) if (value) break;
  return workspace.at(node).tokens.read(id);
}

test('a token has the name and the domain of the configuration as soon as a majority can be asked', async () => {
  await workspace.startAll();
  const value = { token: { id: '101', ...abc, ...abcStates }, tag: [1, 'S1'] };
  expect(await initial('S1', '101')).toEqual(value);
  expect(await initial('S3', '101')).toEqual(value);
});

test('it comes late when the majority does; no token waits for the replicas of another', async () => {
  await workspace.start('S1');
  await workspace.until('S1', () => true);
  expect((await initial('S1', '102')).token).toMatchObject({ partial: undefined, final: { x: 12n } });
  await expect(workspace.at('S1').tokens.read('101')).rejects.toMatchObject({ code: 'not_ready' });
  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp(...workspace.ids);
  expect((await initial('S2', '101')).tag).toEqual([1, 'S1']);
});

test('it is written once: not again at the next start, and not over what was written or dropped', async () => {
  const [first] = await Promise.all(workspace.ids.map((id) => workspace.start(id)));
  await workspace.untilUp(...workspace.ids);
  await initial('S1', '101');
  await initial('S1', '102');
  const written = await workspace.at('S1').tokens.write({ id: '101', name: 'other', domain: abc.domain });
  const dropped = await workspace.at('S1').tokens.drop('102');
  await first!.stop();

  await workspace.start('S1', { logLevel: 'debug' });
  await workspace.untilUp(...workspace.ids);
  const { tokens } = workspace.at('S1');
  expect(await tokens.read('101')).toMatchObject({ token: { name: 'other' }, tag: written.tag });
  await expect(tokens.read('102')).rejects.toMatchObject({ code: 'dropped' });
  // Behind whatever the start writes: writes of a token take turns.
  expect((await tokens.create('102')).tag[0]).toBe(dropped.tag[0] + 1);
  expect((await tokens.write({ id: '101', ...abc })).tag[0]).toBe(written.tag[0] + 1);
});

test('a node that stops while initial values wait for a majority stops all the same', async () => {
  const server = await workspace.start('S1');
  await workspace.until('S1', ({ active }) => active > 0);
  await server.stop();
  expect(await server.ended).toBeUndefined();
});
