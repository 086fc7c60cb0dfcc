import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SilenceOrder } from '@synod/transport/client';
import { abc, abcStates, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
  await workspace.startAll({ allowFaults: true });
});
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);

/** An answer that never comes: the caller gives up. */
const briefly = { timeoutMs: 300 };
const nothing = { code: 'deadline' };

function silence(id: string, order: Partial<SilenceOrder>): Promise<void> {
  return workspace.at(id).admin.silence({ phase: undefined, afterMs: 0, ...order });
}

const silences = async (id: string) => (await workspace.at(id).registers.status()).silences;

test('about one token: it answers nothing, not even a refusal; its other tokens and registers go on', async () => {
  const { tokens, registers } = workspace.at('S1');
  await silence('S1', { token: '101' });
  expect(await silences('S1')).toEqual([{ key: 'token/101', phase: undefined, active: true }]);
  await expect(tokens.write({ id: '101', ...abc }, briefly)).rejects.toMatchObject(nothing);
  await expect(tokens.create('101', briefly)).rejects.toMatchObject(nothing);
  await expect(registers.read('token/101', briefly)).rejects.toMatchObject(nothing);
  await expect(tokens.read('102')).rejects.toMatchObject({ code: 'never_written' });
  await registers.write('config/colour', bytes('blue'));
  await workspace.at('S1').admin.unsilence({ token: '101' });
  expect(await silences('S1')).toEqual([]);
  expect((await tokens.write({ id: '101', ...abc })).partial).toEqual(abcStates.partial);
});

test('answers that were pending when it fell silent are never given, on sessions and by calls', async () => {
  const { registers, admin } = workspace.at('S1');
  await Promise.all(['S2', 'S3'].map((id) => admin.disconnect([id]))); // nobody answers: the read waits
  await workspace.until('S1', ({ peers }) => peers.every(({ linked }) => !linked));
  const answers: unknown[] = [];
  const session = registers.session();
  session.submit({ type: 'read', key: 'config/colour' }, (result) => answers.push(result));
  const read = registers.read('config/colour', { timeoutMs: 4_000 });
  read.catch(() => {});
  await workspace.until('S1', ({ active }) => active > 0);
  await silence('S1', { key: 'config/colour' });
  await workspace.until('S1', ({ active }) => active === 0); // it has failed, and keeps that to itself
  await workspace.at('S1').admin.unsilence({});
  await admin.connect(['S2', 'S3']);
  await workspace.untilUp('S1');
  await new Promise((resolve) => session.submit({ type: 'read', key: 'config/other' }, resolve));
  expect(answers).toEqual([]);
  await expect(read).rejects.toMatchObject(nothing);
  session.close();
});

test('about one register of a pattern: its peers hear nothing of it, and of the others all', async () => {
  const { registers } = workspace.at('S1');
  await registers.write('config/colour', bytes('blue')); // from now on it asks nobody before it writes
  await silence('S1', { key: 'config/colour' });
  await expect(registers.write('config/colour', bytes('red'), briefly)).rejects.toMatchObject(nothing);
  await registers.write('config/size', bytes('10'));
  expect((await workspace.at('S2').registers.read('config/size')).value).toEqual(bytes('10'));
  await expect(registers.inspect('config/colour', briefly)).rejects.toMatchObject(nothing);
  expect(await workspace.at('S2').registers.inspect('config/colour')).toMatchObject({ counter: 1 });
  expect((await workspace.at('S2').registers.read('config/colour')).value).toEqual(bytes('blue'));
  await workspace.at('S1').admin.unsilence({});
  expect(await registers.inspect('config/colour')).toMatchObject({ counter: 2, value: bytes('red') });
});

test('about one register of many that are asked at once: its peers hear of the others', async () => {
  const { registers } = workspace.at('S1');
  await silence('S1', { key: 'config/colour' });
  const session = registers.session();
  const keys = ['config/size', 'config/colour', 'config/shape'];
  const ask = (key: string): Promise<unknown> =>
    new Promise((resolve) => session.submit({ type: 'write', key, value: bytes('x') }, resolve));
  const [size, , shape] = keys.map(ask); // one frame, one turn
  expect(await Promise.all([size, shape])).toMatchObject([{ type: 'written' }, { type: 'written' }]);
  session.close();
  const peer = workspace.at('S2').registers;
  for (const key of ['config/size', 'config/shape']) expect((await peer.read(key)).value).toEqual(bytes('x'));
  expect(await peer.inspect('config/colour')).toBeUndefined();
});

test('in the read phase it still acknowledges and answers writes, and helps no read', async () => {
  await Promise.all(['S2', 'S3'].map((id) => silence(id, { token: '101', phase: 'read' })));
  const { tokens } = workspace.at('S1');
  await expect(tokens.read('101')).rejects.toMatchObject({ code: 'no_quorum' });
  await workspace.at('S2').admin.unsilence({});
  await tokens.write({ id: '101', ...abc }); // now S1 knows what its token holds, and asks no more
  await silence('S2', { token: '101', phase: 'read' });
  await tokens.write({ id: '101', ...abc, name: 'again' });
  await expect(tokens.read('101')).rejects.toMatchObject({ code: 'no_quorum', definite: true });
  await expect(workspace.at('S2').tokens.read('101', briefly)).rejects.toMatchObject(nothing);
});

test('in the write phase it still helps reads, and acknowledges nothing', async () => {
  const { tokens } = workspace.at('S1');
  await tokens.write({ id: '101', ...abc });
  await workspace.at('S2').tokens.read('101');
  await workspace.at('S3').tokens.read('101'); // all hold it: a read needs no write phase
  await Promise.all(['S2', 'S3'].map((id) => silence(id, { token: '101', phase: 'write' })));
  expect((await tokens.read('101')).token.final).toEqual(abcStates.final);
  const unknown = { code: 'no_quorum', definite: false };
  await expect(tokens.write({ id: '101', ...abc, name: 'again' })).rejects.toMatchObject(unknown);
  await silence('S1', { token: '101', phase: 'write' });
  await expect(tokens.drop('101', briefly)).rejects.toMatchObject(nothing);
});

test('as a whole it says nothing to anybody; status, figures, events and administration go on', async () => {
  const { tokens, registers, node, admin } = workspace.at('S1');
  await registers.write('config/colour', bytes('blue'));
  await silence('S1', {});
  await expect(tokens.read('101', briefly)).rejects.toMatchObject(nothing);
  await expect(tokens.list(briefly)).rejects.toMatchObject(nothing);
  await expect(registers.read('config/colour', briefly)).rejects.toMatchObject(nothing);
  await expect(registers.read('unknown', briefly)).rejects.toMatchObject(nothing);
  await expect(registers.inspect('config/colour', briefly)).rejects.toMatchObject(nothing);
  await expect(registers.layout(briefly)).rejects.toMatchObject(nothing);

  expect(await silences('S1')).toEqual([{ key: undefined, phase: undefined, active: true }]);
  expect((await node.describe()).server).toBe('S1');
  expect((await node.performance()).server).toBe('S1');
  expect((await node.watchEvents({ last: 1 }).next()).value).toMatchObject({ event: { server: 'S1' } });
  expect((await admin.failpoints()).length).toBeGreaterThan(0);

  await admin.unsilence({});
  expect((await registers.read('config/colour')).value).toEqual(bytes('blue'));
});

test('it goes on receiving: what was written meanwhile it holds, with its timestamp, when the silence is lifted', async () => {
  await silence('S3', {});
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  for await (const { cells } of workspace.at('S3').registers.watchStatus()) if (cells === 1) break;
  await workspace.at('S3').admin.unsilence({});
  expect(await workspace.at('S3').registers.inspect('config/colour')).toMatchObject({ counter: tag[0], writer: 'S1' });
  expect(await workspace.at('S3').registers.read('config/colour')).toEqual({ value: bytes('blue'), tag });
});

test('who watches a register hears nothing while it is silent, and the latest value afterwards', async () => {
  const { registers, admin } = workspace.at('S3');
  const values = registers.watch('config/colour');
  await values.next();
  await silence('S3', { key: 'config/colour' });
  await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('red'));
  const next = values.next();
  await admin.unsilence({});
  expect((await next).value).toEqual({ value: bytes('red'), tag });
  await values.return(undefined);
});

test('from a time on: until then it answers, then it does not, and whoever watches the status sees it begin', async () => {
  const { registers } = workspace.at('S1');
  await silence('S1', { key: 'config/colour', afterMs: 3_600_000 });
  expect(await silences('S1')).toEqual([{ key: 'config/colour', phase: undefined, active: false }]);
  expect(await registers.read('config/colour')).toEqual({ value: undefined, tag: undefined });
  await silence('S1', { key: 'config/colour', afterMs: 50 }); // takes the place of the other
  await workspace.until('S1', ({ silences: [one] }) => one!.active);
  await expect(registers.read('config/colour', briefly)).rejects.toMatchObject(nothing);
});

test('what is not configured can not be silent', async () => {
  await expect(silence('S1', { token: '404' })).rejects.toMatchObject({
    code: 'unknown_token',
    message: 'no token "404" is configured',
  });
  await expect(silence('S1', { key: 'nowhere' })).rejects.toMatchObject({
    code: 'unknown_key',
    message: 'no register "nowhere" is configured',
  });
  await expect(workspace.at('S1').admin.unsilence({ token: '404' })).rejects.toMatchObject({ code: 'unknown_token' });
  expect(await silences('S1')).toEqual([]);
});

test('without --allow-faults nothing is silent', async () => {
  await workspace.close();
  workspace = await Workspace.make({ nodes: 1, tokens: ([s1]) => `[{ token: 101, writer: "${s1}", readers: [] }]` });
  await workspace.startAll();
  await expect(silence('S1', { token: '101' })).rejects.toMatchObject({ code: 'refused' });
  await workspace.at('S1').tokens.write({ id: '101', ...abc });
});
