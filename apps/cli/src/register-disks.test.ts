import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { NodeId } from '@synod/kernel';
import { binOf } from './local-cluster/bin-of.js';
import type { LocalRegisters } from './local-cluster/local-registers.js';
import { temporaryRegisters, type TemporaryRegisters } from './record/temporary-registers.js';

const require = createRequire(import.meta.url);
const patienceMs = 30_000;
/** docs/operations.md */
const dataDirectoryRefused = 3;

/** Of r1 the writer is S1, of r3 S2; r2 may be written by all. */
let temporary: TemporaryRegisters;
let local: LocalRegisters;
beforeEach(async () => {
  temporary = await temporaryRegisters({ servers: 3, keys: 3 });
  local = temporary.local;
});
afterEach(() => temporary.close());

const registersOf = (server: NodeId) => local.connection(server).registers;
const write = (server: NodeId, key: string, value: string) => registersOf(server).write(key, Buffer.from(value));
const read = async (server: NodeId, key: string) => String((await registersOf(server).read(key)).value);
const held = async (server: NodeId, key: string) => String((await registersOf(server).inspect(key))?.value);

test('a server that lost its disk answers nothing before it recovered from all others, says so, and then serves', async () => {
  await write('S1', 'r1', 'one');
  await write('S2', 'r2', 'two');
  await local.crash('S3');
  await local.crash('S2');
  await rm(local.directoryOf('S3'), { recursive: true });

  local.launch('S3');
  await local.board.until(['S3'], ({ recovering }) => recovering, 'find its disk lost', patienceMs);
  expect(local.board.get('S3')).toMatchObject({ ready: false });
  await expect(registersOf('S3').read('r1')).rejects.toMatchObject({
    code: 'not_ready',
    definite: true,
    message: expect.stringMatching(/^S3 takes no part yet: .*S1, S2.*nothing was done$/),
  });
  // S1 and S3 would be a majority, but what S3 acknowledged in its former life is gone.
  await expect(registersOf('S1').read('r1')).rejects.toMatchObject({ code: 'no_quorum', definite: true });
  expect(local.board.get('S3')).toMatchObject({ ready: false, recovering: true });

  await local.restart('S2');
  await local.untilReady(['S3']);
  expect([await held('S3', 'r1'), await held('S3', 'r2')]).toEqual(['one', 'two']);
  await local.crash('S1');
  expect([await read('S3', 'r1'), await read('S3', 'r2')]).toEqual(['one', 'two']);
  await write('S3', 'r2', 'three');
  expect(await read('S2', 'r2')).toBe('three');
});

test('a server whose configuration gives a register another replica set than it stored refuses to start', async () => {
  await write('S1', 'r1', 'one');
  await local.board.until(['S3'], ({ cells }) => cells > 0, 'hold r1', patienceMs); // a majority was enough for the write
  await local.crash('S3');
  const folder = join(local.directoryOf('S3'), '..');
  const text = await readFile(join(folder, 'cluster.yaml'), 'utf8');
  const other = join(folder, 'other.yaml');
  await writeFile(other, text.replace(/(- key: r1\n +writer: )S1/, '$1S2'));
  const { code, stderr } = await run(['--config', other, '--id', 'S3', '--data', local.directoryOf('S3')]);
  expect(code).toBe(dataDirectoryRefused);
  const told = expect.stringMatching(
    /made with another configuration: key "r1" has writer S2, .*stored with writer S1, /,
  );
  expect(stderr.trim().split('\n')).toEqual([told]);

  await local.restart('S3');
  await local.crash('S2');
  expect(await read('S3', 'r1')).toBe('one');
});

/** A server that is to end by itself. */
function run(args: readonly string[]): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const module = binOf(require.resolve('@synod/register-server/package.json'));
  return new Promise((resolve) => {
    execFile(process.execPath, [module, ...args, '--quiet'], { timeout: patienceMs }, (error, _stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
}
