import { afterEach, expect, test } from '@jest/globals';
import { abc, abcStates, Workspace } from './testing/workspace.js';

let workspace: Workspace;
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);
const readFails = { code: 'no_quorum', definite: true };
const writeUnknown = { code: 'no_quorum', definite: false };

/** Cuts every link between one half and the other, or heals that. */
async function split(left: readonly string[], right: readonly string[]): Promise<void> {
  const keep = (half: readonly string[]) => half.map((id) => workspace.at(id).admin.setLinks(half));
  await Promise.all([...keep(left), ...keep(right)]);
}

async function heal(): Promise<void> {
  await Promise.all(workspace.ids.map((id) => workspace.at(id).admin.setLinks(undefined)));
  await workspace.untilUp(...workspace.ids);
}

async function make(nodes: number): Promise<void> {
  workspace = await Workspace.make({ nodes });
  await workspace.startAll({ allowFaults: true });
}

test('of four nodes two are no majority: each half stands still, and both go on when healed', async () => {
  await make(4);
  const { registers } = workspace.at('S1');
  const before = await registers.write('config/colour', bytes('blue'));
  await split(['S1', 'S2'], ['S3', 'S4']);
  await Promise.all([
    ...workspace.ids.map((id) =>
      expect(workspace.at(id).registers.read('config/colour')).rejects.toMatchObject(readFails),
    ),
    expect(registers.write('config/colour', bytes('red'))).rejects.toMatchObject(writeUnknown),
    expect(workspace.at('S3').registers.write('shared', bytes('3'))).rejects.toMatchObject(readFails), // it asks first
  ]);
  await heal();
  // The write that failed may have taken effect or not; whatever was seen once stays.
  const after = await workspace.at('S4').registers.read('config/colour');
  expect([before[0], before[0] + 1]).toContain(after.tag![0]);
  expect(await workspace.at('S3').registers.read('config/colour')).toEqual(after);
  const again = await registers.write('config/colour', bytes('green'));
  expect(again[0]).toBeGreaterThan(before[0] + 1);
  expect(await workspace.at('S4').registers.read('config/colour')).toEqual({ value: bytes('green'), tag: again });
});

test('three of four are a majority: the fourth alone is not, and learns what it missed', async () => {
  await make(4);
  await split(['S1', 'S2', 'S3'], ['S4']);
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  await expect(workspace.at('S4').registers.read('config/colour')).rejects.toMatchObject(readFails);
  await heal();
  expect(await workspace.at('S4').registers.read('config/colour')).toEqual({ value: bytes('blue'), tag });
});

/** Falls silent as a whole, or about one token, or ends that. */
const silence = (id: string, token?: string): Promise<void> =>
  workspace.at(id).admin.silence({ token, phase: undefined, afterMs: 0 });
const unsilence = (id: string): Promise<void> => workspace.at(id).admin.unsilence({});

test.each([undefined, '101'])('a silent minority changes nothing for the others (about %s)', async (token) => {
  await make(3);
  await silence('S3', token);
  const { tag } = await workspace.at('S1').tokens.write({ id: '101', ...abc });
  expect(await workspace.at('S2').tokens.read('101')).toEqual({ token: { id: '101', ...abc, ...abcStates }, tag });
  expect((await workspace.at('S1').tokens.read('101')).tag).toEqual(tag);
});

test.each([undefined, '101'])(
  'where a majority is silent reads fail, writes are unknown, and both work at once after healing (about %s)',
  async (token) => {
    await make(3);
    const { tokens } = workspace.at('S1');
    await tokens.write({ id: '101', ...abc });
    await Promise.all(['S2', 'S3'].map((id) => silence(id, token)));
    await expect(tokens.read('101')).rejects.toMatchObject(readFails);
    await expect(tokens.write({ id: '101', ...abc, name: 'x' })).rejects.toMatchObject(writeUnknown);
    await Promise.all(['S2', 'S3'].map(unsilence));
    const { tag } = await tokens.write({ id: '101', ...abc });
    expect(await workspace.at('S3').tokens.read('101')).toMatchObject({ token: abcStates, tag });
  },
);
