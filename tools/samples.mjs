// `npm run samples`: plays the examples on real clusters and keeps what `synod up` printed, in docs/samples.
//
// What a run prints is kept as it is, but for three things that say nothing about it and would change every time: the
// ports, the temporary folder of the data and the minute in the name of the output log. Times are those of the machine
// that made the sample, and hashes differ from run to run, for they cover the ids of the transfers, which begin with a
// random prefix of the run.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const picture = {
  svg: 'run.svg',
  file: 'all-live.csv',
  commands: ['NextIteration', 'PrintDB S1', 'PrintLog S1', 'CrashServer S4', 'NextIteration', 'RestartServer S4'],
};

mkdirSync(samples, { recursive: true });
for (const { log, file, commands } of logs) keep(log, await play(file, commands));
const { svg, file, commands } = picture;
keep(svg, terminalSvg(`synod up ${file}`, fromFirstCommand(await play(file, commands))));

/** Runs `synod up` with these lines as its input; resolves with what it printed, rejects if it failed. */
async function play(file, lines) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'synod-sample-')));
  try {
    copyFileSync(join(root, 'examples', file), join(folder, file));
    const synod = join(root, 'apps', 'cli', 'bin', 'synod.js');
    const child = spawn(process.execPath, [synod, 'up', file], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`synod up ${file} ended with ${code}:\n${printed}`);
    return printed
      .replaceAll(`${folder}/`, '')
      .replace(/output_\d{8}_\d{2}_\d{2}\.log/, 'output_<ddmmyyyy_hh_mm>.log')
      .replace(/^Data: .*?(?= \()/m, 'Data: <temporary folder>')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fromFirstCommand(printed) {
  const lines = printed.trimEnd().split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('> ')));
}

function keep(name, text) {
  writeFileSync(join(samples, name), text);
  console.log(`docs/samples/${name}: ${text.split('\n').length - 1} lines`);
}
