import { afterEach, expect, test } from '@jest/globals';
import { Pty, type PtyOptions } from './pty.js';

let pty: Pty;
const run = (program: string, options?: PtyOptions): Pty => (pty = new Pty(process.execPath, ['-e', program], options));
afterEach(() => pty.kill());

test('what a program writes and what is typed stand on the screen', async () => {
  run("process.stdin.on('data', (keys) => console.log(`got ${keys}`)); console.log('ready')");
  await pty.shows('ready');
  expect([pty.hasColours, pty.isAlternate]).toEqual([false, false]);
  pty.press('abc\r');
  await pty.shows('got abc');
  expect(pty.screen.slice(0, 3)).toEqual(['ready', 'abc', 'got abc']);
});

test('a style and the alternate screen are seen', async () => {
  run("process.stdout.write('\\u001b[?1049h\\u001b[1mbold'); setInterval(() => {}, 1000)");
  await pty.shows('bold');
  expect([pty.hasColours, pty.isAlternate]).toEqual([true, true]);
});

test('a line comes in pieces that look alike', async () => {
  run("console.log('a \\u001b[32mgreen\\u001b[0m \\u001b[1;7mbold\\u001b[0m \\u001b[2mdim\\u001b[0m')");
  await pty.shows('dim');
  const look = { isBold: false, isDim: false, isInverse: false, colour: undefined };
  expect(pty.pieces[0]).toEqual([
    { at: 0, text: 'a ', ...look },
    { at: 2, text: 'green', ...look, colour: 2 },
    { at: 7, text: ' ', ...look },
    { at: 8, text: 'bold', ...look, isBold: true, isInverse: true },
    { at: 12, text: ' ', ...look },
    { at: 13, text: 'dim', ...look, isDim: true },
  ]);
});

test('a frame of synchronized output is looked at when it is whole', async () => {
  run(
    "const { stdout } = process; stdout.write('\\u001b[?2026hfirst\\r\\n'); setTimeout(() => stdout.write('second\\u001b[?2026l'), 50)",
  );
  const seen: string[] = [];
  await pty.until(([first, second]) => first === 'first' && seen.push(second!) > 0);
  expect(seen).toEqual(['second']);
});

test('a program hears of the size of its terminal', async () => {
  run(
    "const { stdout } = process; const tell = () => console.log(`${stdout.columns}x${stdout.rows}`); tell(); stdout.on('resize', tell); setInterval(() => {}, 1000)",
    { columns: 40, rows: 10 },
  );
  await pty.shows('40x10');
  pty.resize(60, 12);
  await pty.shows('60x12');
});

test('waiting for what does not come ends with the program', async () => {
  run("console.log('first'); process.exitCode = 3");
  await expect(pty.shows('second')).rejects.toThrow('it ended with another screen:\nfirst\n');
  expect(await pty.exit).toMatchObject({ exitCode: 3 });
});

test('CI and what colours the output of tests stay here', async () => {
  run("console.log(`${['CI', 'NO_COLOR', 'FORCE_COLOR'].some((name) => name in process.env)} ${process.env.MORE}`)", {
    env: { MORE: 'more' },
  });
  await pty.shows('false more');
});
