import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Workbench } from './testing/workbench.js';

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.make();
});
afterEach(() => bench.close());

const kept = () => bench.files().filter((name) => !name.startsWith('output_'));

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('ends the menu, all servers and the data', async () => {
    const synod = bench.start('up');
    await synod.shows('7. BalanceMap');
    expect(bench.servers()).toHaveLength(5);
    expect(await synod.kill(signal)).toEqual({ code: 1, signal: null });
    expect(synod.stderr).toBe(`synod: ended by ${signal}\n`);
    expect(bench.servers()).toEqual([]);
    expect(kept()).toEqual([]);
  });
});

test('a signal while servers start leaves none of them, and no data', async () => {
  const synod = bench.start('run');
  while (bench.servers().length === 0) await pause(5);
  expect(await synod.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  expect(synod.stderr).toBe('synod: ended by SIGTERM\n');
  expect(bench.servers()).toEqual([]);
  expect(kept()).toEqual([]);
});

test('a signal in the middle of a run ends it at once, and it does not count as done', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `,"(S${(i % 3) + 1}, S${((i + 1) % 3) + 1}, 90)",`);
  await bench.write('file.csv', `1,"(S1, S2, 1)","[S1, S2, S3]"\n2,"(S1, S2, 90)","[S1, S2, S3]"\n${rows.join('\n')}`);
  const synod = bench.start('run', 'file.csv', '--servers', '3', '--dump', 'dump.json');
  await synod.shows('Set 1');
  expect(await synod.kill('SIGINT')).toEqual({ code: 1, signal: null });
  expect(synod.stderr).toBe('synod: ended by SIGINT\n');
  expect(bench.servers()).toEqual([]);
  expect(kept()).toEqual(['dump.json', 'file.csv']);
});

test('a reader that goes away ends the run, all servers and the data', async () => {
  const synod = bench.start('run');
  await synod.shows('Set 1');
  synod.stopReading();
  expect(await synod.exit).toEqual({ code: 1, signal: null });
  expect(synod.stderr).toMatch(/^synod: .*EPIPE/);
  expect(bench.servers()).toEqual([]);
  expect(kept()).toEqual([]);
});

// Only Linux ends children with a parent that was killed (setpriv --pdeathsig); elsewhere a clean end is all there is.
const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('SIGKILL leaves no server behind', async () => {
  const synod = bench.start('up');
  await synod.shows('7. BalanceMap');
  expect(await synod.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  await bench.untilNoServers();
});
