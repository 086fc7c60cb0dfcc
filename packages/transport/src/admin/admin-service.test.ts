import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { GrpcHost } from '../host/grpc-host.js';
import { cleanup } from '../testing/cleanup.js';
import type { AdminBackend } from './admin-backend.js';
import { AdminConnection } from './admin-connection.js';
import { adminService } from './admin-service.js';

const opened = cleanup(afterEach);

/** Writes down what it is told. */
class Recorder implements AdminBackend {
  readonly told: unknown[] = [];

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

  setFaults(faults: unknown): void {
    this.told.push(['faults', faults]);
  }

  setFailpoint(failpoint: unknown): void {
    this.told.push(['failpoint', failpoint]);
  }

  failpoints(): readonly { name: string; reached: number; armed: number }[] {
    return [{ name: 'before-write', reached: 12, armed: 3 }];
  }

  shutdown(): void {
    this.told.push(['shutdown']);
  }
}

async function setUp(allowFaults: boolean): Promise<{ recorder: Recorder; admin: AdminConnection }> {
  const recorder = new Recorder();
  const services = [adminService(recorder, { allowFaults })];
  const host = opened(await GrpcHost.listen({ address: '127.0.0.1:0', services }));
  return { recorder, admin: opened(new AdminConnection(host.address)) };
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

test('a shutdown is answered before it begins', async () => {
  const { recorder, admin } = await setUp(false);
  await admin.shutdown();
  while (recorder.told.length === 0) await new Promise(setImmediate);
  expect(recorder.told).toEqual([['shutdown']]);
});
