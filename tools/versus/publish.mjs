// From a report of `npm run versus` to what the documents say of it: `--publish` keeps the report in docs/samples and writes
// picture and tables anew, `node tools/versus/publish.mjs` writes them from the report that is kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { ratioChart } from './chart.mjs';
import { curveTable } from './curves.mjs';
import { floorTable, markdownTable, shownTarget, table } from './summary.mjs';

const root = new URL('../../', import.meta.url);
const path = (file) => fileURLToPath(new URL(file, root));
const kept = path('docs/samples/versus.json');
const picture = path('docs/samples/versus.svg');

/** Which documents have a part that is written here, and what it says: between two comments that name it. */
export const published = [
  { document: 'README.md', part: 'versus', lines: (report) => [provenance(report), '', ...brief(report.results)] },
  {
    document: 'docs/performance.md',
    part: 'versus',
    lines: (report) => [provenance(report), '', ...markdownTable(report.results)],
  },
  { document: 'docs/performance.md', part: 'floor', lines: ({ results }) => floorTable(results) },
  {
    document: 'docs/performance.md',
    part: 'curves',
    lines: ({ curves }) => (curves.length > 0 ? curveTable(curves) : ['No curves were drawn in that run.']),
  },
];

export function readReport() {
  return JSON.parse(readFileSync(kept, 'utf8'));
}

/** The document as it should be. */
export async function documentWith(report, document) {
  let text = readFileSync(path(document), 'utf8');
  for (const { part, lines } of published.filter((one) => one.document === document)) {
    const [begin, end] = [`<!-- ${part}: written by npm run versus -->`, `<!-- /${part} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${document} has no part between ${begin} and ${end}`);
    text = [text.slice(0, from + begin.length), '', ...lines(report), '', text.slice(to)].join('\n');
  }
  return formatted(text, path(document), 'markdown');
}

async function formatted(text, file, parser) {
  return format(text, { ...(await resolveConfig(file)), parser });
}

export function pictureOf({ date, results }) {
  return ratioChart(`Synod beside others, ${date.slice(0, 10)}`, results);
}

/** Keeps the report, and writes all that is made of it. */
export async function publish(report) {
  writeFileSync(kept, await formatted(JSON.stringify(withoutNotes(report)), kept, 'json'));
  writeFileSync(picture, pictureOf(report));
  for (const document of new Set(published.map((one) => one.document))) {
    writeFileSync(path(document), await documentWith(report, document));
  }
}

function provenance({ date, command, machine, seconds, warmUp, results }) {
  const { cores, processor, memoryBytes, kernel, node, versions } = machine;
  const others = versions.map(({ name, version }) => `${name} ${version}`).join(', ');
  const counts = results.filter(({ summary }) => summary).map((result) => result.pairs.length);
  const pairs = [...new Set([Math.max(...counts), Math.min(...counts)])].join(', some rows ');
  return (
    `${date.slice(0, 10)}, \`${command}\`: ${pairs} pairs of runs in turns, ${seconds} s each after ${warmUp} s; ${cores} cores ` +
    `(${processor.trim()}), ${Math.round(memoryBytes / 2 ** 30)} GiB, Linux ${kernel.split('.', 2).join('.')}; Node ${node.slice(1)}, ${others}.`
  );
}

/** For those who want to know how much. */
function brief(results) {
  const header = ['work', 'against', 'times as much', 'of the pairs', 'aim'];
  const lines = results
    .filter(({ row, summary }) => summary && !row.inDetail)
    .map(({ row, summary: { ratio, lowest, highest } }) => [
      row.measure === 'perSecond' ? row.work : `${row.work} (less is better)`,
      row.against,
      `**${ratio.toPrecision(2)}×**`,
      `${lowest.toPrecision(2)} … ${highest.toPrecision(2)}`,
      shownTarget(row, row.solid),
    ]);
  return table(header, lines);
}

/** Figures of all runs; what they had to remark stands in the summaries once. */
function withoutNotes(report) {
  const figures = ({ perSecond, p50, p99 }) => ({ perSecond, p50, p99 });
  const results = report.results.map(({ row, pairs = [], ...result }) => ({
    row: { ...row, ours: undefined, theirs: undefined },
    ...result,
    pairs: pairs.map(({ ours, theirs }) => ({ ours: figures(ours), theirs: figures(theirs) })),
  }));
  return { ...report, results };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await publish(readReport());
