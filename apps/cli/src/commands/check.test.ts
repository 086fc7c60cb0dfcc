import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Judgement } from '../check/judgement.js';
import { exitCodes } from '../exit-codes.js';
import { main } from '../main.js';
import { captureOutput, type CapturedOutput } from '../testing/captured-output.js';
import { Workbench } from '../testing/workbench.js';

const before = process.cwd();
let folder: string;
let output: CapturedOutput;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-check-'));
  process.chdir(folder);
  output = captureOutput();
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

const line = (process: number, type: string, f: string, key: string, value: unknown, time: number, tag?: unknown) =>
  `${JSON.stringify({ process, type, f, key, value, time, tag })}\n`;
/** An operation of process 0 from `time` to `time` + 5. */
const done = (f: string, key: string, value: unknown, time: number, tag?: unknown) =>
  line(0, 'invoke', f, key, f === 'write' ? value : null, time) + line(0, 'ok', f, key, value, time + 5, tag);

const good = done('write', 'x', 'a', 10, [1, 'S1']) + done('read', 'x', 'a', 20, [1, 'S1']);
const stale = good + done('write', 'y', 'b', 30) + done('read', 'y', null, 40);
/** Values are right, but the read carries a smaller tag than the write before it. */
const tagBack = done('write', 'x', 'a', 10, [2, 'S1']) + done('read', 'x', 'a', 20, [1, 'S1']);
/** Written twice: this needs a search. */
const repeated = done('write', 'x', 'a', 10) + done('write', 'x', 'a', 20) + done('read', 'x', 'a', 30);

const untimed = (text: string) => text.replaceAll(/\d+\.\d\d s/g, '0.00 s');

test('a linearizable history ends with 0', async () => {
  await writeFile('h.jsonl', good);
  expect(await main(['check', 'h.jsonl'])).toBe(exitCodes.done);
  expect(untimed(output.stdout)).toBe('h.jsonl: linearizable\n  2 operations on 1 key, 2 tags; 0.00 s\n');
  expect(output.stderr).toBe('');
});

test('a violated one ends with 1, and shows which key and a time line', async () => {
  await writeFile('h.jsonl', stale);
  expect(await main(['check', 'h.jsonl'])).toBe(exitCodes.failed);
  expect(untimed(output.stdout)).toBe(`h.jsonl: violated
  4 operations on 2 keys, 2 tags; 0.00 s
  key y: violated
    "b" was there before null: write "b" of process 0 ended before read null of process 0 began
    null was there before "b": it is the initial value
    process 0  ├ write "b" ┤ ├ read null ┤
`);
});

test('tags that go back end with 1, also where the values are linearizable', async () => {
  await writeFile('h.jsonl', tagBack);
  expect(await main(['check', 'h.jsonl'])).toBe(exitCodes.failed);
  expect(untimed(output.stdout)).toBe(`h.jsonl: linearizable
  2 operations on 1 key, 2 tags; 0.00 s
  tags of key x: violated
    an operation after tag (2 S1) carries (1 S1)
    process 0  ├ write "a" (2 S1) ┤ ├ read "a" (1 S1) ┤
`);
});

test('what the limit leaves undecided is unknown, and ends with 4', async () => {
  await writeFile('h.jsonl', repeated);
  expect(await main(['check', 'h.jsonl', '--max-steps', '1'])).toBe(exitCodes.unknown);
  expect(output.stdout).toMatch(/^h\.jsonl: unknown\n.*\n {2}key x: unknown, not decided within the limit\n$/);
  expect(await main(['check', 'h.jsonl'])).toBe(exitCodes.done);
});

test('--json prints an object a history, with counterexamples', async () => {
  await writeFile('good.jsonl', good);
  await writeFile('stale.jsonl', stale);
  expect(await main(['check', '--json', 'stale.jsonl', 'good.jsonl'])).toBe(exitCodes.failed);
  const [first, second] = output.stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Judgement);
  expect(first).toEqual({
    history: 'stale.jsonl',
    verdict: 'violated',
    operations: 4,
    keys: 2,
    violated: [
      {
        key: 'y',
        operations: [
          { process: 0, f: 'write', key: 'y', value: 'b', outcome: 'ok', start: 30, end: 35 },
          { process: 0, f: 'read', key: 'y', value: null, outcome: 'ok', start: 40, end: 45 },
        ],
        explanation: expect.stringContaining('├ read null ┤'),
      },
    ],
    unknown: [],
    tags: { checked: 2, violated: [] },
    milliseconds: expect.any(Number),
  });
  expect(second).toMatchObject({ history: 'good.jsonl', verdict: 'linearizable' });
});

describe('of several histories the worst decides the exit code', () => {
  test.each([
    [['good', 'unknown'], exitCodes.unknown],
    [['unknown', 'good'], exitCodes.unknown],
    [['unknown', 'stale', 'unknown', 'good'], exitCodes.failed],
  ])('%j', async (names, code) => {
    await writeFile('good', good);
    await writeFile('stale', stale);
    await writeFile('unknown', repeated);
    expect(await main(['check', '--max-steps', '1', ...names])).toBe(code);
    expect(output.stdout.match(/^\w+:/gm)).toEqual(names.map((name) => `${name}:`));
  });
});

describe('what can not be read is refused in one line, and ends with 2', () => {
  test.each([
    ['a bad line', `${good}{"process":0}\n`, 'line 5: type: is missing: write invoke, ok, fail, info'],
    ['no JSON', `${good}\noops\n`, 'line 6: is not JSON'],
    ['a last line that was cut off', good.slice(0, -10), 'line 4: is not JSON'],
    ['an order that can not be', line(0, 'ok', 'read', 'x', 1, 5), 'line 1: process 0 runs nothing that could end'],
  ])('%s', async (_, text, message) => {
    await writeFile('h.jsonl', text);
    expect(await main(['check', '--json', 'h.jsonl'])).toBe(exitCodes.usage);
    expect(output.stderr).toMatch(/^synod: h\.jsonl: .*\n$/);
    expect(output.stderr).toContain(message);
    expect(JSON.parse(output.stdout)).toMatchObject({ error: { code: 'invalid_argument', definite: true } });
  });

  test('a later one does not take back what was found before', async () => {
    await writeFile('stale.jsonl', stale);
    expect(await main(['check', '--json', 'stale.jsonl', 'none.jsonl'])).toBe(exitCodes.usage);
    const [first, second] = output.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown);
    expect(first).toMatchObject({ verdict: 'violated' });
    expect(second).toMatchObject({
      error: { message: 'none.jsonl: there is no such file; a history (JSON lines) is needed' },
    });
  });
});

test('lines may be long, hold U+2028, and be cut anywhere between chunks', async () => {
  const values = Array.from({ length: 3000 }, (_, i) => `${i}\u2028${'ä€😀'.repeat(i === 7 ? 50_000 : i % 90)}`);
  const text = values.map((value, i) => done('write', 'x', value, 20 * i) + done('read', 'x', value, 20 * i + 10));
  await writeFile('h.jsonl', `\uFEFF${text.join('').trimEnd()}`);
  expect(await main(['check', 'h.jsonl'])).toBe(exitCodes.done);
  expect(output.stdout).toMatch(/linearizable\n {2}6,000 operations on 1 key/);
});

describe('as a process', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.make();
  });
  afterEach(() => bench.close());

  test('- reads stdin', async () => {
    const synod = bench.start('check', '-', '--json');
    for (const text of stale.trimEnd().split('\n')) synod.type(text);
    synod.end();
    expect(await synod.exit).toEqual({ code: exitCodes.failed, signal: null });
    expect(JSON.parse(synod.stdout)).toMatchObject({ history: '-', verdict: 'violated', operations: 4 });
  });

  test('a reader that goes away ends it in one line', async () => {
    const synod = bench.start('check', '-', '-');
    synod.stopReading();
    synod.end();
    expect(await synod.exit).toEqual({ code: exitCodes.failed, signal: null });
    expect(synod.stderr).toMatch(/^synod: .*EPIPE.*\n$/);
  });
});

describe('ledger dumps', () => {
  const tx = { id: 'a', from: 'S1', to: 'S2', amount: 60, seq: 1 };
  const server = { blocks: [], local: [tx], balances: { S1: 40, S2: 100 } };
  const dump = (changes: object = {}) => {
    const told = { acked: [tx], rejected: [], unknown: [], submitted: [tx] };
    return JSON.stringify({ initial: { S1: 100, S2: 100 }, servers: { S1: server, S2: null }, ...told, ...changes });
  };

  test('a sound one ends with 0, one that is not with 1 and why', async () => {
    await writeFile('good.json', dump());
    await writeFile('bad.json', dump({ servers: { S1: { ...server, local: [] }, S2: null } }));
    expect(await main(['check', '--ledger', 'good.json'])).toBe(exitCodes.done);
    expect(await main(['check', '--ledger', 'bad.json'])).toBe(exitCodes.failed);
    expect(output.stdout).toBe(`good.json: sound
  1 transfers, 0 blocks
bad.json: violated
  1 transfers, 0 blocks
  S1 says that S1 holds 40, and it is 100
  a (S1 → S2: 60) was acknowledged, and is in no block and not in the log of S1
`);
  });

  test.each([
    ['{}', 'initial: is missing: a ledger dump is needed, as --dump writes it'],
    ['[', 'it is no JSON: '],
    [dump({ initial: { alice: 100 } }), 'initial: "alice" is no server\'s name, so that its home is not known'],
  ])('%s is refused', async (text, message) => {
    await writeFile('d.json', text);
    expect(await main(['check', '--ledger', 'd.json'])).toBe(exitCodes.usage);
    expect(output.stderr).toContain(`synod: d.json: ${message}`);
  });
});
