import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeSchedule, type Schedule } from '@synod/simulator';
import { exitCodes } from '../exit-codes.js';
import { runMain } from '../testing/run-main.js';

const synod = fileURLToPath(new URL('../../bin/synod.js', import.meta.url));

/** S1 writes while S3 is down. */
const schedule: Schedule<Record<string, unknown>> = {
  ...{ system: 'register', seed: 1, nodes: ['S1', 'S2', 'S3'], network: { delayMs: [2, 2] }, disk: {}, limits: {} },
  forMs: 200,
  faults: [{ at: 100, kind: 'crash', node: 'S3', forMs: 20 }],
  operations: [{ at: 105, type: 'write', key: 'any', node: 'S1' }],
};
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-replay-'));
  file = join(folder, 'trace.json');
  await writeFile(file, writeSchedule(schedule));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The frames that `synod replay --step` shows for these lines of input, and what it says beside. */
function step(...lines: readonly string[]): { frames: string[]; stderr: string } {
  const { stdout, stderr } = spawnSync(process.execPath, [synod, 'replay', file, '--step'], {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
  });
  return { frames: stdout.split(/^(?=── )/m), stderr };
}

test('a schedule that goes well ends with 0', async () => {
  const { code, stdout } = await runMain('replay', file);
  expect([code, stdout]).toEqual([exitCodes.done, expect.stringMatching(/trace\.json: no violation in \d+ steps\n$/)]);
});

describe('step by step', () => {
  test('goes forwards and backwards, by how many one likes, and ends where the run ends', () => {
    const { frames } = step('', 'n 3', 'p 2', '1', 'G', 'q');
    const numbers = frames.map((frame) => Number(/^── (\d+) of/.exec(frame)![1]));
    const length = Number(/of (\d+)/.exec(frames[0]!)![1]);
    expect(numbers).toEqual([1, 2, 5, 3, 1, length]);
    expect(frames[4]).toBe(frames[0]);
  });

  test('jumps to the next operation, fault or answer, and back', () => {
    const { frames } = step('f', 'f', 'f', 'b 2', 'f 99', 'q');
    expect(frames[0]).toMatch(/ S3 +fault +/);
    expect(frames[1]).toMatch(/ S1 +invoke +/);
    expect(frames[2]).toMatch(/ S1 +answer +/);
    expect(frames[3]).toMatch(/ S3 +restart/);
    expect(frames[4]).toBe(frames[1]);
    expect(frames[5]).toMatch(/^── (\d+) of \1,/);
  });

  test('shows what happened, the nodes with their disks, and the messages on their way', () => {
    const { frames } = step(...Array<string>(60).fill('n'));
    const written = frames.find((frame) => /S1 +send +S2 +\{"type":"write"/.test(frame))!;
    expect(written).toMatch(/^ {2}S1 {2}up +any = S1#1 \(1 S1\)$/m);
    expect(written).toMatch(/^ {2}S3 {2}down/m);
    expect(written).toMatch(/^ {2}S1 → S2 at \d+\.\d{3}: write$/m);
  });

  test('says what can be said', () => {
    expect(step('jump', 'q').stderr).toContain('n or → next, p or ← previous');
  });
});

test('the timeline has every message with its times and fate, and who was down', async () => {
  const out = join(folder, 'timeline.json');
  await runMain('replay', file, '--timeline', out);
  const timeline = JSON.parse(await readFile(out, 'utf8')) as Record<string, readonly Record<string, unknown>[]>;
  expect(timeline).toMatchObject({ cluster: 'register, seed 1', servers: ['S1', 'S2', 'S3'] });
  const writes = timeline['messages']!.filter(({ type, from }) => type === 'write' && from === 'S1');
  expect(writes[0]).toMatchObject({ to: 'S2', subject: expect.stringMatching(/^any, request \d+$/), fate: 'arrived' });
  expect(Number(writes[0]!['receivedUs']) - Number(writes[0]!['sentUs'])).toBe(2000);
  expect(writes.filter(({ to, fate }) => to === 'S3' && fate === 'lost')).not.toHaveLength(0);
  const [down, up] = timeline['states']!.filter(({ server }) => server === 'S3').slice(1);
  expect([down!['state'], up!['state'], Number(up!['timeUs']) - Number(down!['timeUs'])]).toEqual([
    'down',
    'up',
    20_000,
  ]);
});

test.each([
  ['{}', /bad\.json: schedule: system: the name of a system is needed/],
  [JSON.stringify({ ...schedule, system: 'tokens' }), /bad\.json: there is no system "tokens": register, ledger/],
  ['nonsense', /bad\.json: schedule: .*JSON/],
])('%.40s is refused', async (text, complaint) => {
  const bad = join(folder, 'bad.json');
  await writeFile(bad, text);
  const { code, stderr } = await runMain('replay', bad);
  expect([code, stderr]).toEqual([exitCodes.usage, expect.stringMatching(complaint)]);
});
