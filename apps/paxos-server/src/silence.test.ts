import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WatchedEvent } from '@synod/transport/client';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
  await Promise.all(['S1', 'S2', 'S3'].map((id) => workspace.start(id, { allowFaults: true })));
  await workspace.untilUp('S1', 'S2', 'S3');
});
afterEach(() => workspace.close());

/** How long a test waits for an answer that never comes. */
const briefly = { timeoutMs: 300 };

const silence = (id: string): Promise<void> => workspace.admin(id).silence({ phase: undefined, afterMs: 0 });

test('a silent server answers no transfer and no question, but goes on executing, and answers the repeat', async () => {
  await silence('S1');
  const transfer = { id: 'one', from: 'S1', to: 'S2', amount: 30n };
  const command = { type: 'transfer', transfer, short: 'queue', durability: 'local', gather: undefined } as const;
  const deadline = { code: 'deadline' };
  await expect(workspace.ledger('S1').transfer(command, briefly)).rejects.toMatchObject(deadline);
  await expect(workspace.ledger('S1').balanceMap(briefly)).rejects.toMatchObject(deadline);
  await workspace.until('S1', ({ own }) => own[0]!.spendable === 70n);
  await workspace.admin('S1').unsilence({});
  expect(brief(await workspace.ledger('S1').transfer(command))).toBe('one local 1');
});

test('a silent server takes part in no round; the others do, while they are a majority; lifted, all agree', async () => {
  await silence('S3');
  expect(brief(await workspace.transfer('S1', 'S2', 60n))).toBe('S1-S2-60 local 1');
  expect(brief(await workspace.transfer('S2', 'S1', 150n))).toBe('S2-S1-150 consensus 1');
  const blocks = (await workspace.ledger('S2').status()).status.height;
  expect(blocks).toBeGreaterThan(0);
  await silence('S2'); // with one of three left there is no majority
  const short = await workspace.transfer('S1', 'S3', 290n, { short: 'reject' });
  expect(short).toMatchObject({ status: 'rejected', reason: expect.stringContaining('majority') as unknown });
  expect((await workspace.ledger('S1').status()).status.height).toBe(blocks);
  await Promise.all(['S2', 'S3'].map((id) => workspace.admin(id).unsilence({})));
  await workspace.until('S3', ({ status }) => status.height === blocks && !status.catchingUp);
});

test('status, figures, events and administration are not silent', async () => {
  await silence('S1');
  expect((await workspace.ledger('S1').status()).status.server).toBe('S1');
  expect((await workspace.node('S1').performance()).server).toBe('S1');
  expect((await workspace.node('S1').describe()).server).toBe('S1');
  const first = await workspace.node('S1').watchEvents({ last: 100 }).next();
  expect((first.value as WatchedEvent).event.server).toBe('S1');
  const admin = workspace.admin('S1');
  await admin.disconnect(['S3']);
  await workspace.until('S1', ({ status }) => status.connected.join() === 'S2');
  await admin.unsilence({});
  expect(brief(await workspace.transfer('S1', 'S2', 1n))).toBe('S1-S2-1 local 1');
});

test('a ledger has no registers and no phases: one server is silent as a whole', async () => {
  const admin = workspace.admin('S1');
  const refused = (what: string): { code: string; message: string } => ({
    code: 'invalid_argument',
    message: `this server has no ${what}: only all of it can be silent`,
  });
  await expect(admin.silence({ key: 'S1', phase: undefined, afterMs: 0 })).rejects.toMatchObject(refused('registers'));
  await expect(admin.silence({ token: '1', phase: undefined, afterMs: 0 })).rejects.toMatchObject(refused('tokens'));
  await expect(admin.silence({ phase: 'write', afterMs: 0 })).rejects.toMatchObject(refused('phases'));
  expect(brief(await workspace.transfer('S1', 'S2', 1n))).toBe('S1-S2-1 local 1');
});
