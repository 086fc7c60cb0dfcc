import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { Connection } from '../connection/connection.js';
import { AdminServiceService, SilentPhase, type SilenceRequest } from '../gen/synod/admin/v1/admin_service.js';
import { GrpcHost } from '../host/grpc-host.js';
import { cleanup } from '../testing/cleanup.js';
import type { AdminBackend, Replaced, Replacement, SilenceOrder } from './admin-backend.js';
import { AdminConnection } from './admin-connection.js';
import { adminService } from './admin-service.js';

const opened = cleanup(afterEach);

/** Writes down what it is told. */
class Recorder implements AdminBackend {
  readonly told: unknown[] = [];
  replaced: Replaced = { type: 'block', height: 7, sequence: 3 };

  setLinks(peers: readonly string[] | undefined): void {
    this.told.push(['links', peers]);
  }

  async connect(peers: readonly string[]): Promise<void> {
    this.told.push(['connect', peers]);
  }

  disconnect(peers: readonly string[]): void {
    if (peers.includes('S9')) throw new SynodError('unknown_server', 'there is no server S9');
    this.told.push(['disconnect', peers]);
  }

  async replace(replacement: Replacement): Promise<Replaced> {
    this.told.push(['replace', replacement]);
    return this.replaced;
  }

  setFaults(faults: unknown): void {
    this.told.push(['faults', faults]);
  }

  setFailpoint(failpoint: unknown): void {
    this.told.push(['failpoint', failpoint]);
  }

  failpoints(): readonly { name: string; reached: number; armed: number }[] {
    return [{ name: 'before-write', reached: 12, armed: 3 }];
  }

  async silence(silence: SilenceOrder): Promise<void> {
    if (silence.token === 'none') throw new SynodError('unknown_token', "there is no token 'none'");
    this.told.push(['silence', silence]);
  }

  unsilence(subject: unknown): void {
    this.told.push(['unsilence', subject]);
  }

  shutdown(): void {
    this.told.push(['shutdown']);
  }
}

async function setUp(allowFaults: boolean): Promise<{ recorder: Recorder; admin: AdminConnection; address: string }> {
  const recorder = new Recorder();
  const services = [adminService(recorder, { allowFaults })];
  const host = opened(await GrpcHost.listen({ address: '127.0.0.1:0', services }));
  return { recorder, admin: opened(new AdminConnection(host.address)), address: host.address };
}

test('links are set, allowed and cut; all links is not the same as no links', async () => {
  const { recorder, admin } = await setUp(false);
  await admin.setLinks(['S1', 'S2']);
  await admin.setLinks([]);
  await admin.setLinks(undefined);
  await admin.connect(['S3']);
  await admin.disconnect(['S4', 'S5']);
  expect(recorder.told).toEqual([
    ['links', ['S1', 'S2']],
    ['links', []],
    ['links', undefined],
    ['connect', ['S3']],
    ['disconnect', ['S4', 'S5']],
  ]);
});

test('errors of the server come back, and nonsense never reaches it', async () => {
  const { recorder, admin } = await setUp(true);
  await expect(admin.disconnect(['S9'])).rejects.toMatchObject({
    code: 'unknown_server',
    message: 'there is no server S9',
  });
  await expect(admin.connect([''])).rejects.toMatchObject({ code: 'invalid_argument', message: 'peers is empty' });
  await expect(admin.setFailpoint({ name: '\u0007', action: 'kill', hits: 1 })).rejects.toMatchObject({
    code: 'invalid_argument',
  });
  expect(recorder.told).toEqual([]);
});

describe('faults', () => {
  test('are set where they are allowed', async () => {
    const { recorder, admin } = await setUp(true);
    const faults = { dropTo: ['S2'], dropFrom: ['S3', 'S4'] };
    await admin.setFaults(faults);
    await admin.setFailpoint({ name: 'before-write', action: 'kill', hits: 3 });
    await admin.setFailpoint({ name: 'before-write', action: 'off', hits: 0 });
    expect(recorder.told).toEqual([
      ['faults', faults],
      ['failpoint', { name: 'before-write', action: 'kill', hits: 3 }],
      ['failpoint', { name: 'before-write', action: 'off', hits: 1 }],
    ]);
    expect(await admin.failpoints()).toEqual(recorder.failpoints());
  });

  test('are refused with the reason where they are not', async () => {
    const { recorder, admin } = await setUp(false);
    const refused = { code: 'refused', definite: true, message: 'this server was started without --allow-faults' };
    await expect(admin.setFaults({ dropTo: [], dropFrom: [] })).rejects.toMatchObject(refused);
    await expect(admin.setFailpoint({ name: 'x', action: 'kill', hits: 1 })).rejects.toMatchObject(refused);
    await expect(admin.failpoints()).rejects.toMatchObject(refused);
    expect(recorder.told).toEqual([]);
  });
});

describe('silences', () => {
  test('are set about a register, a token or everything, and lifted', async () => {
    const { recorder, admin } = await setUp(true);
    const orders: SilenceOrder[] = [
      { key: 'config/a', phase: 'read', afterMs: 0 },
      { token: '007', phase: 'write', afterMs: 2 ** 32 - 1 },
      { phase: undefined, afterMs: 20 },
    ];
    for (const order of orders) await admin.silence(order);
    const subjects = [{ key: 'config/a' }, { token: '007' }, {}];
    for (const subject of subjects) await admin.unsilence(subject);
    expect(recorder.told).toEqual([
      ...orders.map((order) => ['silence', order]),
      ...subjects.map((subject) => ['unsilence', subject]),
    ]);
  });

  test('errors of the server come back', async () => {
    const { admin } = await setUp(true);
    const silence = admin.silence({ token: 'none', phase: undefined, afterMs: 0 });
    await expect(silence).rejects.toMatchObject({ code: 'unknown_token', message: "there is no token 'none'" });
  });

  test.each<[string, SilenceOrder]>([
    ['token stands beside a key: a silence is about one of them', { key: 'a', token: 'b', phase: 'read', afterMs: 0 }],
    ['key is empty', { key: '', phase: 'read', afterMs: 0 }],
    ['token is empty', { token: '', phase: 'read', afterMs: 0 }],
    ['afterMs is -1 instead of a whole number from 0 to 4294967295', { phase: 'read', afterMs: -1 }],
    ['afterMs is 0.5 instead of a whole number from 0 to 4294967295', { phase: 'read', afterMs: 0.5 }],
  ])('nonsense never reaches the server: %s', async (message, order) => {
    const { recorder, admin } = await setUp(true);
    await expect(admin.silence(order)).rejects.toMatchObject({ code: 'invalid_argument', definite: true, message });
    expect(recorder.told).toEqual([]);
  });

  test.each<[string, Partial<SilenceRequest>]>([
    ['key is empty', { subject: { $case: 'key', value: '' } }],
    ['key is not valid Unicode', { subject: { $case: 'key', value: '\ufffd' } }],
    ['token is longer than 512 characters', { subject: { $case: 'token', value: 'x'.repeat(513) } }],
    ['phase is neither read nor write', { phase: 3 as SilentPhase }],
  ])('nonsense of other clients never reaches the server: %s', async (message, change) => {
    const { recorder, address } = await setUp(true);
    const connection = opened(new Connection(address));
    const request = { subject: undefined, phase: SilentPhase.READ, afterMs: 0, ...change };
    const call = connection.unary(AdminServiceService.silence, request, { readOnly: false });
    await expect(call).rejects.toMatchObject({ code: 'invalid_argument', definite: true, message });
    expect(recorder.told).toEqual([]);
  });

  test('are refused with the reason where faults are not allowed', async () => {
    const { recorder, admin } = await setUp(false);
    const refused = { code: 'refused', definite: true, message: 'this server was started without --allow-faults' };
    await expect(admin.silence({ phase: undefined, afterMs: 0 })).rejects.toMatchObject(refused);
    await expect(admin.unsilence({})).rejects.toMatchObject(refused);
    expect(recorder.told).toEqual([]);
  });
});

test('a shutdown is answered before it begins', async () => {
  const { recorder, admin } = await setUp(false);
  await admin.shutdown();
  while (recorder.told.length === 0) await new Promise(setImmediate);
  expect(recorder.told).toEqual([['shutdown']]);
});
