// `npm run versus`: Synod beside what people would use instead, on the same disk, in turns. Prints medians and ratios.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, whyMissing } from './contenders.mjs';
import { curveTable, drawCurves } from './curves.mjs';
import { pictureOf, publish } from './publish.mjs';
import { rows } from './rows.mjs';
import { markdownTable, summarise } from './summary.mjs';

/** So many times the warm-up, for rows of one operation in flight: what runs a few hundred times a second is compiled late. */
const oneAtATime = 4;

const help = `node tools/versus/main.mjs [--rows NAME,…] [--pairs 5] [--seconds 5] [--warm-up 8] [--servers N]
                           [--data DIR] [--json OUT] [--svg OUT] [--curves] [--publish]
rows: ${rows.map(({ name }) => name).join(' ')}`;

const { values } = readFlags();
if (values.help) {
  console.log(help);
  process.exit(0);
}
if (values.publish && (values.rows ?? values.servers) !== undefined)
  refuse('--publish: of all rows only, as they stand');
const chosen = rowsNamed(values.rows, values.servers);
const count = (name) => {
  const n = Number(values[name]);
  if (!Number.isInteger(n) || n < (name === 'warm-up' ? 0 : 1)) refuse(`--${name}: a whole number is needed`);
  return n;
};
const [pairs, seconds, warmUp] = ['pairs', 'seconds', 'warm-up'].map(count);
const data = values.data ?? tmpdir();
mkdirSync(data, { recursive: true });
const parent = mkdtempSync(join(data, 'synod-versus-'));
process.on('exit', () => rmSync(parent, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const options = { parent, seconds, warmUp };
const report = {
  date: new Date().toISOString(),
  command: command(),
  machine: machine(),
  ...{ pairs, seconds, warmUp, results: [], curves: [] },
};
for (const row of chosen) {
  report.results.push(await compare(row));
  keep(report);
}
if (values.curves) report.curves = await drawCurves(options, tell);
keep(report);
if (report.results.length > 0) console.log(markdownTable(report.results).join('\n'));
if (report.curves.length > 0) console.log(curveTable(report.curves).join('\n'));
if (values.publish) await publish(report);

/** What to type for the same again. */
function command() {
  const named = ['rows', 'servers'].filter((name) => values[name] !== undefined);
  const flags = [...named, 'pairs', 'seconds', 'warm-up'].map((name) => `--${name} ${values[name]}`);
  return ['npm run versus --', ...flags, ...(values.curves ? ['--curves'] : [])].join(' ');
}

/** After each row: it takes long, and what was measured is not to be lost. */
function keep(report) {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
  if (values.svg) writeFileSync(values.svg, pictureOf(report));
}

/** A B A B …: what else the machine does falls on both. */
async function compare(row) {
  const missing = whyMissing(row.ours) ?? whyMissing(row.theirs);
  if (missing) {
    tell(`${row.name}: left out: ${missing}`);
    return { row, missing };
  }
  const warmed = row.ours.inFlight === 1 ? { ...options, warmUp: oneAtATime * warmUp } : options;
  const measured = [];
  for (let i = 1; i <= pairs; i++) {
    const ours = await measure(row.ours, warmed);
    const theirs = await measure(row.theirs, warmed);
    measured.push({ ours, theirs });
    const [a, b] = [ours, theirs].map((run) => run[row.measure].toPrecision(4));
    tell(`${row.name} ${i}/${pairs}: ${a} beside ${b} (${row.measure})`);
  }
  return { row, pairs: measured, summary: summarise(row, measured) };
}

function readFlags() {
  const text = (value) => ({ type: 'string', ...(value === undefined ? {} : { default: value }) });
  const flags = { rows: text(), pairs: text('5'), seconds: text('5'), 'warm-up': text('8'), servers: text() };
  const switches = Object.fromEntries(['curves', 'publish', 'help'].map((name) => [name, { type: 'boolean' }]));
  const outputs = { data: text(), json: text(), svg: text(), ...switches };
  try {
    return parseArgs({ options: { ...flags, ...outputs } });
  } catch (error) {
    return refuse(error.message);
  }
}

/** `servers`: so many for all that is replicated, instead of what each row says. */
function rowsNamed(names, servers) {
  const wanted = names === undefined ? rows : names.split(',').flatMap(rowNamed);
  if (servers === undefined) return wanted;
  const n = Number(servers);
  if (!Number.isInteger(n) || n < 1) refuse('--servers: a whole number is needed');
  const sized = (side) => (side.servers === undefined ? side : { ...side, servers: n });
  return wanted.map((row) => ({ ...row, ours: sized(row.ours), theirs: sized(row.theirs) }));
}

function rowNamed(name) {
  if (name === '') return [];
  return rows.find((row) => row.name === name) ?? refuse(`--rows: there is no ${name}`);
}

function machine() {
  const versionOf = (command, args) => {
    try {
      return /\d+(\.\d+)+/.exec(execFileSync(command, args, { encoding: 'utf8' }))?.[0];
    } catch {
      return undefined;
    }
  };
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    versions: [
      { name: 'etcd', version: versionOf('etcd', ['--version']) },
      { name: 'Redis', version: versionOf('redis-server', ['--version']) },
      { name: 'PostgreSQL', version: versionOf('psql', ['--version']) },
      { name: 'h2load', version: versionOf('h2load', ['--version']) },
    ].filter(({ version }) => version !== undefined),
  };
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}

function refuse(problem) {
  process.stderr.write(`versus: ${problem}\n${help}\n`);
  process.exit(2);
}
