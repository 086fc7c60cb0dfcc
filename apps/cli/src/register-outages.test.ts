import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, type SynodClient } from '@synod/client';
import { temporaryRegisters, type TemporaryRegisters } from './record/temporary-registers.js';

/** Of r1 the writer is S1, of r3 S2; r2 may be written by all. */
const keys = 3;
/** For what can not succeed. */
const timeoutMs = 1000;

let temporary: TemporaryRegisters | undefined;
let client: SynodClient | undefined;
afterEach(async () => {
  client?.close();
  await temporary?.close();
  [client, temporary] = [undefined, undefined];
});

async function start(servers: number) {
  temporary = await temporaryRegisters({ servers, keys });
  const { local } = temporary;
  client = connect({ servers: local.config.servers, cluster: local.config.id, timeoutMs: 30_000 });
  return { local, client };
}

async function valueOf(client: SynodClient, key: string): Promise<string | undefined> {
  const { value } = await client.register(key).read();
  return value && Buffer.from(value).toString();
}

/**
 * Everything is written and read again, but what only a server that is away may write. A write that went to a server which
 * is not seen to be gone yet is written again: nobody else writes here, so twice is as good as once.
 */
async function expectService(client: SynodClient, writable: readonly string[], value: string): Promise<void> {
  for (const key of writable) {
    await client.register(key).write(value, { retryIndefinite: true });
    expect(await valueOf(client, key)).toBe(value);
  }
}

describe('three servers', () => {
  test('with one silent, one paused or one dead go on, and each of them comes back', async () => {
    const { local, client } = await start(3);
    await expectService(client, ['r1', 'r2', 'r3'], 'all');

    await local.silence('S3');
    await expectService(client, ['r1', 'r2', 'r3'], 'S3 silent');
    await local.unsilence('S3');

    local.pause('S1');
    await expectService(client, ['r2', 'r3'], 'S1 paused');
    expect(await valueOf(client, 'r1')).toBe('S3 silent');
    local.resume('S1');

    await local.crash('S2');
    for (const key of ['r2', 'r3']) expect(await valueOf(client, key)).toBe('S1 paused');
    await expectService(client, ['r1', 'r2'], 'S2 dead');
    expect(await valueOf(client, 'r3')).toBe('S1 paused');
    await local.restart('S2');

    await expectService(client, ['r1', 'r2', 'r3'], 'all again');
  });

  test('with two silent: reads fail and nothing happened, writes are of unknown outcome; both work after healing', async () => {
    const { local, client } = await start(3);
    await expectService(client, ['r1', 'r2', 'r3'], 'before');
    await local.silence('S2');
    await local.silence('S3');

    for (const key of ['r1', 'r2', 'r3']) {
      await expect(client.register(key).read({ timeoutMs })).rejects.toMatchObject({ definite: true });
      await expect(client.register(key).write('lost', { timeoutMs })).rejects.toMatchObject({ definite: false });
    }
    // The one server that answers says why.
    const { registers } = local.connection('S1');
    await expect(registers.read('r1')).rejects.toMatchObject({ code: 'no_quorum', definite: true });
    await expect(registers.write('r1', Buffer.from('lost too'))).rejects.toMatchObject({
      code: 'no_quorum',
      definite: false,
    });

    await local.unsilence('S2');
    await local.unsilence('S3');
    expect(['before', 'lost', 'lost too']).toContain(await valueOf(client, 'r1'));
    await expectService(client, ['r1', 'r2', 'r3'], 'after');
  });
});

test('four servers whose links are cut in two halves answer no_quorum on both sides, and serve when they are mended', async () => {
  const { local, client } = await start(4);
  await expectService(client, ['r1', 'r2', 'r3'], 'before');
  const halves = [
    ['S1', 'S2'],
    ['S3', 'S4'],
  ];
  for (const half of halves) for (const server of half) await local.setLinks(server, half);

  for (const server of local.servers) {
    const { registers } = local.connection(server);
    await expect(registers.read('r2')).rejects.toMatchObject({ code: 'no_quorum', definite: true });
    // All four are asked before anything is written.
    await expect(registers.write('r2', Buffer.from('lost'))).rejects.toMatchObject({
      code: 'no_quorum',
      definite: true,
    });
  }
  const written = local.connection('S1').registers.write('r1', Buffer.from('half'));
  await expect(written).rejects.toMatchObject({ code: 'no_quorum', definite: false });

  for (const server of local.servers) await local.rejoin(server);
  expect(['before', 'half']).toContain(await valueOf(client, 'r1'));
  expect(await valueOf(client, 'r2')).toBe('before');
  await expectService(client, ['r1', 'r2', 'r3'], 'after');
});
