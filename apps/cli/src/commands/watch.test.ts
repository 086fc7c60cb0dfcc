import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RegisterConnection } from '@synod/transport/client';
import { exitCodes } from '../exit-codes.js';
import { main } from '../main.js';
import { captureOutput, type CapturedOutput } from '../testing/captured-output.js';
import { RegisterServers } from '../testing/register-servers.js';
import { runMain } from '../testing/run-main.js';
import { Workbench, type Synod } from '../testing/workbench.js';

let servers: RegisterServers;
let writer: RegisterConnection;
beforeAll(async () => {
  servers = await RegisterServers.start({ tokens: ['101'] });
  writer = new RegisterConnection(servers.addressOf('S1'));
});
afterAll(async () => {
  writer.close();
  await servers.close();
});

const write = (key: string, text: string) => writer.write(key, Buffer.from(text));

describe('the current value, then newer ones; --count ends it', () => {
  let output: CapturedOutput;
  beforeEach(() => void (output = captureOutput()));
  afterEach(() => void jest.restoreAllMocks());

  /** Resolves when so many lines have been told. */
  async function told(lines: number): Promise<void> {
    while (output.stdout.split('\n').length <= lines) await new Promise(setImmediate);
  }

  test.each<[string, string, () => string[]]>([
    ['exactly one server', 'any/host', () => servers.at('S2')],
    ['a cluster', 'any/connect', () => ['--connect', servers.addressOf('S3')]],
  ])('of %s', async (_what, key, flags) => {
    const watched = main(['watch', key, '--count', '3', ...flags()]);
    await told(1);
    await write(key, 'blue');
    await told(2);
    await writer.delete(key);
    expect(await watched).toBe(exitCodes.done);
    expect(output).toEqual({
      stdout: `register ${key} never written\nregister ${key} "blue"  tag 1@S1\nregister ${key} deleted  tag 2@S1\n`,
      stderr: '',
    });
  });

  test('the time for the first value is not one for those that follow', async () => {
    const watched = main(['watch', 'any/later', '--count', '2', '--timeout', '2', ...servers.at('S1')]);
    await told(1);
    await setTimeout(2_100);
    await write('any/later', 'blue');
    expect(await watched).toBe(exitCodes.done);
  });

  test('as JSON, an object a line', async () => {
    await write('any/json', 'blue');
    const watched = main(['watch', 'any/json', '--count', '2', '--json', ...servers.at('S1')]);
    await told(1);
    await write('any/json', 'green');
    expect(await watched).toBe(exitCodes.done);
    const lines = output.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { key: 'any/json', value: 'blue', tag: [1, 'S1'] },
      { key: 'any/json', value: 'green', tag: [2, 'S1'] },
    ]);
  });
});

describe('a first value that does not come in time did not come', () => {
  afterAll(() => runMain('unsilence', ...servers.at('S2')));

  test('from a server that is silent', async () => {
    await runMain('silence', '--key', 'any/silent', ...servers.at('S2'));
    const ran = await runMain('watch', 'any/silent', '--timeout', '0.2', '--json', ...servers.at('S2'));
    const message = `${servers.addressOf('S2')} did not answer in 0.2 s`;
    expect(ran).toMatchObject({ code: exitCodes.unreachable, stderr: `synod: ${message}\n` });
    expect(JSON.parse(ran.stdout)).toEqual({ error: { code: 'deadline', message, definite: true } });
  });

  test('from a cluster that is not there', async () => {
    expect(await runMain('watch', 'any/a', '--timeout', '0.2', '--connect', '127.0.0.1:1')).toEqual({
      code: exitCodes.unreachable,
      stdout: '',
      stderr: 'synod: no value came in 0.2 s\n',
    });
  });

  test('from a server that is not there', async () => {
    expect(await runMain('watch', 'any/a', '--host', '127.0.0.1', '--port', '1')).toMatchObject({
      code: exitCodes.unreachable,
      stderr: 'synod: 127.0.0.1:1 cannot be reached\n',
    });
  });
});

describe('as a process', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.make();
  });
  afterEach(() => bench.close());

  async function watching(key: string, ...flags: string[]): Promise<Synod> {
    const synod = bench.start('watch', key, ...flags);
    await synod.shows(`register ${key} never written\n`);
    return synod;
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0', async (signal) => {
    const synod = await watching('any/signal', ...servers.at('S1'));
    expect(await synod.kill(signal)).toEqual({ code: exitCodes.done, signal: null });
    expect(synod.stderr).toBe('');
  });

  test('it shows each value when it comes, and ends when nobody reads it any more', async () => {
    const synod = await watching('any/pipe', '--connect', servers.addressOf('S2'));
    await write('any/pipe', 'blue');
    await synod.shows('register any/pipe "blue"  tag 1@S1\n');
    synod.stopReading();
    await write('any/pipe', 'green');
    expect(await synod.exit).toEqual({ code: exitCodes.failed, signal: null });
    expect(synod.stderr).toMatch(/^synod: .*EPIPE.*\n$/);
  });

  test('where exactly one server is watched, the watch ends with it', async () => {
    const synod = await watching('any/stop', ...servers.at('S3'));
    await servers.stop('S3');
    expect(await synod.exit).toEqual({ code: exitCodes.unreachable, signal: null });
    expect(synod.stderr).toContain(servers.addressOf('S3'));
    await servers.start('S3');
  });
});
