// `npm run captures`: pictures of the terminal interface in docs/samples, from one real session of a newcomer: a set is
// played, the server that led is killed, the others go on, it is started again and catches up.
//
// Times, ports and hashes are those of the run.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pty } from '@synod/pty';
import { terminalSvg } from './terminal-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = join(root, 'docs', 'samples');
const file = 'all-live.csv';
const columns = 104;
const rows = 30;

/** What the colours of the terminal stand for. */
const kinds = { 1: 'bad', 2: 'good', 3: 'warn', 6: 'accent' };

const folder = mkdtempSync(join(tmpdir(), 'synod-capture-'));
copyFileSync(join(root, 'examples', file), join(folder, file));
const synod = join(root, 'apps', 'cli', 'bin', 'synod.js');
const env = { XDG_STATE_HOME: folder };
const pty = new Pty(process.execPath, [synod, 'up', file], { columns, rows, directory: folder, env });
try {
  await session();
} finally {
  pty.press('\u0003');
  await pty.exit;
  rmSync(folder, { recursive: true });
}

async function session() {
  await pty.shows('5 of 5 up');
  await command('5', 'Set 1, live');
  await close();
  keep('terminal-cluster.svg');
  const leader = /led by (\S+)/.exec(pty.screen.join('\n'))[1];

  await command(`6 ${leader}`, `${leader} is killed`);
  await close();
  await command('5', 'Set 2, live');
  await close();
  await command(`RestartServer ${leader}`, 'has caught up');
  await close();
  keep('terminal-failover.svg');

  pty.press('t');
  await pty.shows(`${leader} up`);
  await pty.until((screen) => !screen.some((line) => line.includes('under way')));
  keep('terminal-timeline.svg');
  pty.press('x');
  await pty.shows('written:');
  const picture = readdirSync(folder).find((name) => name.endsWith('.svg'));
  write('timeline.svg', readFileSync(join(folder, picture), 'utf8'));

  pty.press('l');
  await pty.shows('[l Ledger');
  await pty.shows('on its home');
  keep('terminal-ledger.svg');
}

async function command(line, answer) {
  pty.press(`:${line}`);
  await pty.until((screen) => screen.some((row) => row.startsWith(`: ${line}`)));
  pty.press('\r');
  await pty.shows(answer);
}

/** Closes the result; a view has the whole screen again. */
async function close() {
  pty.press('\u001b');
  await pty.until((screen) => !screen.some((row) => row.includes('Esc closes')));
}

function keep(name) {
  const lines = pty.pieces.map((pieces) => ({ pieces: pieces.map(pieceOf) }));
  write(name, terminalSvg(`synod up ${file}`, lines, columns));
}

function pieceOf({ at, text, isBold, isDim, isInverse, colour }) {
  return { at, text, kind: kinds[colour] ?? (isBold ? 'strong' : isDim ? 'quiet' : undefined), inverse: isInverse };
}

function write(name, text) {
  writeFileSync(join(samples, name), text);
  console.log(`docs/samples/${name}: ${text.split('\n').length - 1} lines`);
}
