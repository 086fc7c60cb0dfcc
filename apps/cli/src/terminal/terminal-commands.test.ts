import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commands } from '../menu/commands.js';
import { Screen } from '../screen.js';
import { captureOutput } from '../testing/captured-output.js';
import { StandInOperator, type StandInOptions } from '../testing/stand-in-operator.js';
import { TerminalCommands } from './terminal-commands.js';

let folder: string;
let screen: Screen;
let standIn: StandInOperator;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synod-terminal-'));
  screen = new Screen(folder, { toStderr: false });
});
afterEach(() => {
  standIn.close();
  screen.close();
  rmSync(folder, { recursive: true });
});

const open = (options?: StandInOptions): TerminalCommands => {
  standIn = new StandInOperator(options);
  return new TerminalCommands(standIn.interpreter, screen);
};
const unavailable = ({ rows }: TerminalCommands) =>
  Object.fromEntries(rows.flatMap(({ name, unavailable: why }) => (why === undefined ? [] : [[name, why]])));

describe('the rows', () => {
  test('are those of the table, with what can stand behind each', () => {
    const { rows } = open();
    expect(rows.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
    const choices = Object.fromEntries(rows.map((row) => [row.usage, [0, 1].map((at) => row.choices(at).join(' '))]));
    expect(choices).toMatchObject({
      'PrintBalance <client> or all': ['S1 S2 S3 all', ''],
      'PrintLog <server> or all': ['S1 S2 S3 all', ''],
      'Performance <server> or all': ['S1 S2 S3 R1 R2 all', ''],
      NextIteration: ['', ''],
      'CrashServer <server>': ['S1 S2 S3 R1 R2', ''],
      'BalanceMap <server>': ['S1 S2 S3 all', ''],
      'ReadToken <id>': ['101', ''],
      'WriteToken <id> <name> <low> <mid> <high>': ['101', ''],
      'Silence <server> [token]': ['R1 R2', '101'],
    });
    expect(rows.filter(({ number }) => number !== undefined).map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test('can all be used on what was started here', () => {
    expect(unavailable(open())).toEqual({});
  });

  test('say why they can not be used on what was started elsewhere', () => {
    const terminal = open({ isElsewhere: true });
    const processes = 'the servers were started elsewhere: kill and start their processes there';
    expect(unavailable(terminal)).toEqual({
      NextIteration: 'there is no file to play: give one, as in synod tui --connect … FILE',
      CrashServer: processes,
      RestartServer: processes,
    });
    for (const server of ['R1', 'R2']) standIn.registers.refusing.add(server);
    const faults = 'the servers were started without --allow-faults';
    expect(unavailable(terminal)).toMatchObject({ Silence: faults, Unsilence: faults });
  });
});

describe('what is given', () => {
  test('is checked as the menu would understand it', () => {
    const terminal = open();
    expect(terminal.check('6 s2')).toEqual({ ok: true, text: 'kills the process of S2 (SIGKILL)' });
    expect(terminal.check('6 s9')).toEqual({ ok: false, text: 'there is no server "s9": S1, S2, S3, R1, R2' });
  });

  test('is answered with the lines of the menu, which also go to the output log, and nowhere else', async () => {
    const terminal = open();
    const output = captureOutput();
    const killed = 'S2 is killed (SIGKILL). Its log and blocks can still be printed; RestartServer S2 starts it again.';
    expect(await terminal.run('6 s2')).toEqual({ failed: false, lines: [killed] });
    const refusal = 'S2 has crashed: RestartServer S2 starts it again';
    expect(await terminal.run('CrashServer S2')).toEqual({ failed: true, lines: [refusal] });
    expect(await terminal.run('CrashServer S2 --json')).toEqual({ failed: true, lines: [refusal] });
    expect(readFileSync(screen.path, 'utf8')).toBe(
      `> 6 s2\n${killed}\n> CrashServer S2\n${refusal}\n> CrashServer S2 --json\n${refusal}\n`,
    );
    expect(output).toEqual({ stdout: '', stderr: '' });
  });

  test('as JSON is what the menu prints', async () => {
    const { lines } = await open().run('CrashServer S1 --json');
    expect(lines.map((one) => JSON.parse(one) as unknown)).toEqual([
      { kind: 'said', text: expect.stringMatching(/^S1 is killed/) },
    ]);
  });

  test('never rejects: a mistake of the program is told with where it was made', async () => {
    const terminal = open();
    standIn.ledger.linking = Promise.reject(new RangeError('a mistake'));
    const { failed, lines } = await terminal.run('Disconnect S1');
    expect(failed).toBe(true);
    expect(lines[0]).toBe('RangeError: a mistake');
    expect(lines[1]).toContain('terminal-commands.test');
  });
});
