import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toJson } from '@synod/client';
import { playOnPaper } from './testing/file-model.js';
import { randomFile } from './testing/random-file.js';

const bin = fileURLToPath(new URL('../bin/synod.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function synod(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('a run leaves what the rules of the file say, to the last number', () => {
  test.each([
    { seed: 1, servers: 5, short: 'queue' as const },
    { seed: 2, servers: 5, short: 'reject' as const },
    { seed: 3, servers: 3, short: 'queue' as const },
    { seed: 4, servers: 4, short: 'queue' as const },
    { seed: 5, servers: 9, short: 'queue' as const },
  ])('seed $seed, $servers servers, --short $short', async ({ seed, servers, short }) => {
    const names = Array.from({ length: servers }, (_, i) => `S${i + 1}`);
    const { text, file } = randomFile(seed, { servers: names, sets: 12, transfers: 12 });
    await writeFile(join(folder, 'file.csv'), text);
    const { code, stdout, stderr } = await synod(
      'run',
      'file.csv',
      '--json',
      '--servers',
      `${servers}`,
      '--short',
      short,
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const expected = playOnPaper(file, { servers: names, initial: 100n, short });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(toJson({ sets: expected })));
  });
});
