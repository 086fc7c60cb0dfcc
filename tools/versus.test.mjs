// The comparison itself: what it says of runs, and that whoever is installed can be measured.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ratioChart } from './versus/chart.mjs';
import { measure, whyMissing } from './versus/contenders.mjs';
import { documentWith, pictureOf, published, readReport } from './versus/publish.mjs';
import { rows } from './versus/rows.mjs';
import { floorTable, markdownTable, median, summarise } from './versus/summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (perSecond, p99) => ({ perSecond, p50: 1, p99, notes: [] });

describe('what is said of pairs of runs', () => {
  const more = { work: 'put', against: 'other', measure: 'perSecond', solid: 2, moonshot: 4 };
  const less = { work: 'p99', against: 'other', measure: 'p99', solid: 0.6, moonshot: 0.3 };
  const pairs = [
    { ours: run(300, 2), theirs: run(100, 10) },
    { ours: run(30, 2), theirs: run(10, 4) }, // a busy moment, for both
    { ours: run(500, 1), theirs: run(100, 10) },
  ];

  test('the median of ratios, not the ratio of medians: what slowed both down leaves the ratio as it is', () => {
    expect(summarise(more, pairs)).toMatchObject({ ours: 300, theirs: 100, ratio: 3, lowest: 3, highest: 5 });
  });

  test('of throughput more is better, of times less', () => {
    expect(summarise(more, pairs).reached).toBe('solid');
    expect(summarise(less, pairs)).toMatchObject({ ratio: 0.2, reached: 'moonshot' });
    expect(summarise({ ...less, solid: 0.1, moonshot: 0.05 }, pairs).reached).toBe('no');
  });

  test('the median of an even number of figures lies between the middle ones', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('a row that could not be measured says why, in the table; the picture leaves it out', () => {
    const results = [
      { row: more, summary: summarise(more, pairs) },
      { row: less, missing: 'etcd: not installed' },
    ];
    expect(markdownTable(results)).toHaveLength(4);
    expect(markdownTable(results)[3]).toContain('etcd: not installed');
    const picture = ratioChart('a <title>', results);
    expect(picture.match(/<rect class="solid"/g)).toHaveLength(1);
    expect(picture).toContain('a &#60;title&#62;');
  });

  test('a row without targets is there to be known: dashes in the tables, a grey bar without a mark', () => {
    const known = { work: 'put', against: 'other', measure: 'perSecond' };
    const summary = summarise(known, pairs);
    expect(summary.reached).toBe('');
    const report = { ...readReport(), results: [{ row: known, summary, pairs }] };
    const reread = JSON.parse(JSON.stringify(report));
    expect(markdownTable(reread.results)[2]).toMatch(/\| \*\*3\.0×\*\* \| .* \| — \| — \| {2}\|$/);
    for (const { lines } of published) expect(lines(reread).join('\n')).not.toMatch(/undefined|NaN/);
    const picture = pictureOf(reread);
    expect(picture).toContain('<rect class="quiet"');
    expect(picture).not.toMatch(/class="target"|undefined|NaN/);
  });
});

test('what targets ask of the machine stands beside the floor of the same work; who has none is left out', () => {
  const result = (name, ours, theirs, solid) => ({
    row: { name, work: name, against: 'other', measure: 'perSecond', solid },
    summary: { ours, theirs },
  });
  const results = [
    result('put-1', 500, 800, 2),
    result('put-h2load', 600, 300, 4),
    result('read-1', 5, 5, 2),
    result('floor-read-1', 5, 10),
    result('floor-put-1', 500, 1000),
    result('floor-put-256', 600, 2000),
    result('unary-read', 30, 80, 1),
    result('floor-unary-read', 30, 60),
  ];
  expect(floorTable(results).slice(2)).toEqual([
    '| put-1 | other | 800/s | 1,000/s | 2× | 160 % | 50 % |',
    '| put-h2load | other | 300/s | 2,000/s | 4× | 60 % | 30 % |',
    '| unary-read | other | 80/s | 60/s | 1× | 133 % | 50 % |',
  ]);
});

test('rows have names of their own, and whoever is missing is named with what to install', () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  const path = process.env.PATH;
  try {
    process.env.PATH = '/nowhere';
    for (const { theirs } of rows)
      expect([undefined, expect.stringContaining('apt-get install')]).toContainEqual(whyMissing(theirs));
  } finally {
    process.env.PATH = path;
  }
});

test.each([...new Set(published.map(({ document }) => document))])(
  '%s says what the report in docs/samples says',
  async (document) => {
    expect(readFileSync(join(root, document), 'utf8')).toBe(await documentWith(readReport(), document));
  },
);

test('the picture shows the report in docs/samples', () => {
  expect(readFileSync(join(root, 'docs/samples/versus.svg'), 'utf8')).toBe(pictureOf(readReport()));
});

describe('whoever is installed is measured, and leaves nothing', () => {
  let parent;
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'synod-versus-test-'));
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  const contenders = [
    ['Synod', { system: 'synod', bench: ['register'], servers: 3, inFlight: 16 }],
    ['Synod by h2load', { system: 'synod-unary', work: 'put', servers: 3, inFlight: 8 }],
    ['etcd', { system: 'etcd', work: 'read', servers: 1, inFlight: 8 }],
    ['etcd by h2load', { system: 'etcd', work: 'put', via: 'h2load', servers: 1, inFlight: 8 }],
    ['Redis', { system: 'redis', servers: 2, inFlight: 32 }],
    ['the floor, puts', { system: 'floor', work: 'put', servers: 3, inFlight: 16 }],
    ['the floor, reads', { system: 'floor', work: 'read', servers: 3, inFlight: 16 }],
    ['the floor, calls of their own', { system: 'unary-floor', servers: 3, inFlight: 16 }],
    ['PostgreSQL', { system: 'postgres', connections: 4 }],
  ];
  test.each(contenders)('%s', async (_, contender) => {
    if (whyMissing(contender)) return;
    const { perSecond, p50, p99 } = await measure(contender, { parent, warmUp: 1, seconds: 1 });
    expect(perSecond).toBeGreaterThan(0);
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(readdirSync(parent)).toEqual([]);
  });
});
