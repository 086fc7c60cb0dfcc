// `npm run samples`: plays the examples on real clusters and keeps what `synod up` printed, in docs/samples.
//
// What a run prints is kept as it is, but for three things that say nothing about it and would change every time: ports
// that were chosen, the temporary folder of the data and the minute in the name of the output log. Times are those of
// the machine that made the sample, and hashes of blocks differ from run to run, for they cover the ids of the
// transfers, which begin with a random prefix of the run.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { menuLine } from './menu-lines.mjs';
import { terminalSvg } from './terminal-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = join(root, 'docs', 'samples');

/** Plays so many sets, each followed by these commands. */
const afterEachOf = (sets, commands) => Array.from({ length: sets }, () => ['NextIteration', ...commands]).flat();

const logs = [
  // Without a command: input that ends at once plays all sets.
  { log: 'plain-run.log', file: 'all-live.csv', commands: [] },
  {
    log: 'every-command.log',
    file: 'shortage-and-recovery.csv',
    commands: afterEachOf(5, ['PrintBalance all', 'PrintLog all', 'PrintDB all', 'Performance all', 'BalanceMap all']),
  },
  {
    log: 'balances.log',
    file: 'shrinking-and-healing.csv',
    commands: afterEachOf(5, ['PrintBalance all', 'BalanceMap all', 'BalanceMap account:S1']),
  },
  {
    log: 'crash-and-restart.log',
    file: 'crash-and-restart.csv',
    commands: [
      ...['NextIteration', 'CrashServer S4', 'PrintLog S4', 'PrintBalance S4'],
      ...['NextIteration', 'NextIteration', 'PrintDB all', 'BalanceMap account:S1'],
      ...['RestartServer S4', 'PrintDB S4', 'NextIteration', 'PrintDB S4', 'PrintBalance all'],
    ],
  },
];

/** Register servers listen where their scheme says. */
const tokens = {
  log: 'tokens.log',
  file: 'tokens.yaml',
  flags: ['--no-ledger', '--registers'],
  commands: [
    ...['Tokens', 'WriteToken 101 abc 1 5 25', 'ReadToken 101', 'Tokens'],
    ...['Silence 127.0.0.1:8103 101', 'WriteToken 101 abc 10 20 100', 'Tokens', 'Unsilence 127.0.0.1:8103'],
    ...['CrashServer 127.0.0.1:8102', 'ReadToken 101', 'Tokens', 'WriteToken 102 abc 10 20 100'],
    ...['RestartServer 127.0.0.1:8102', 'WriteToken 102 abc 10 20 100', 'Tokens', 'Performance 127.0.0.1:8101'],
    ...['DropToken 101', 'ReadToken 101', 'CreateToken 101', 'ReadToken 101'],
  ],
};

const picture = {
  svg: 'run.svg',
  file: 'all-live.csv',
  commands: ['NextIteration', 'PrintDB S1', 'PrintLog S1', 'CrashServer S4', 'NextIteration', 'RestartServer S4'],
};

mkdirSync(samples, { recursive: true });
for (const sample of logs) keep(sample.log, withoutPorts(await play(sample)));
keep(tokens.log, await play(tokens));
keep('tokens-by-hand.log', await run('sh', [join(root, 'examples', 'tokens.sh')]));
const shown = fromFirstCommand(withoutPorts(await play(picture)));
const columns = Math.max(...shown.map((line) => line.length));
keep(picture.svg, terminalSvg(`synod up ${picture.file}`, shown.map(menuLine), columns));

/** Runs `synod up` with these commands as its input; resolves with what it printed, rejects if it failed. */
async function play({ file, flags = [], commands }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'synod-sample-')));
  try {
    copyFileSync(join(root, 'examples', file), join(folder, file));
    const synod = join(root, 'apps', 'cli', 'bin', 'synod.js');
    const input = commands.map((line) => `${line}\n`).join('');
    const printed = await run(process.execPath, [synod, 'up', ...flags, file], { cwd: folder, input });
    return printed
      .replaceAll(`${folder}/`, '')
      .replace(/output_\d{8}_\d{2}_\d{2}\.log/, 'output_<ddmmyyyy_hh_mm>.log')
      .replace(/^Data: .*?(?= \()/m, 'Data: <temporary folder>');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program; resolves with what it printed, rejects if it failed. */
async function run(program, args, { cwd = root, input = '' } = {}) {
  const child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${printed}`);
  return printed;
}

function withoutPorts(printed) {
  return printed.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
}

function fromFirstCommand(printed) {
  const lines = printed.trimEnd().split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('> ')));
}

function keep(name, text) {
  writeFileSync(join(samples, name), text);
  console.log(`docs/samples/${name}: ${text.split('\n').length - 1} lines`);
}
