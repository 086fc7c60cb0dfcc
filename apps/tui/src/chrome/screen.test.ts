import { describe, expect, test } from '@jest/globals';
import { after, failover, five, freshBank, played, playing } from '../testing/bank.js';
import { NotedCommands, rows } from '../testing/commands.js';
import { frame, large, small } from '../testing/frame.js';
import { tokenCluster } from '../testing/tokens.js';
import { lineWidth } from '../layout/width.js';
import { textOf } from '../layout/line.js';
import { emptyModel, type Model } from '../model/model.js';
import { newUi, type Ui } from '../ui/ui.js';
import { viewIds } from '../views/view.js';
import { screen } from './screen.js';

const typing = (text: string): Partial<Ui> => ({
  mode: 'command line',
  editor: { text, cursor: text.length },
  typed: text,
});

describe('the whole screen', () => {
  test('first', () => expect(frame(freshBank())).toMatchSnapshot());
  test('first, at 200×60', () => expect(frame(freshBank(), {}, large)).toMatchSnapshot());
  test('after a failover', () => expect(frame(failover())).toMatchSnapshot());
  test('after a failover, at 200×60', () => expect(frame(failover(), {}, large)).toMatchSnapshot());
  test('of registers', () => expect(frame(tokenCluster())).toMatchSnapshot());
  test('of a terminal that is too small says so', () => {
    expect(frame(freshBank(), {}, { columns: 39, rows: 19 })).toContain('Too small: 39×20');
    expect(frame(freshBank(), {}, { columns: 40, rows: 8 })).toContain('Too small: 40×9');
    expect(frame(freshBank(), {}, { columns: 40, rows: 9 })).toContain('[c Cluster]');
  });
});

const nasty: Model = after(
  emptyModel,
  {
    type: 'cluster',
    cluster: '\u001b[31mevil\u202e',
    servers: [{ id: '日本サーバー\u0007', address: 'x:1' }, ...five.map((id) => ({ id, address: 'y:1' }))],
  },
  {
    type: 'event',
    missed: 0,
    event: {
      sequence: 1,
      timeMs: 0,
      server: 'S1',
      level: 'info',
      kind: 'k',
      message: 'line\nbreak\u001b[2J',
      fields: {},
    },
  },
);

describe.each([
  ['empty', emptyModel],
  ['failover', failover()],
  ['registers', tokenCluster()],
  ['hostile names', nasty],
])('of %s', (_name, model) => {
  test.each([small, large, { columns: 40, rows: 9 }, { columns: 61, rows: 17 }, { columns: 10, rows: 3 }])(
    'fits $columns×$rows in every view and mode',
    (size) => {
      for (const view of viewIds) {
        for (const mode of ['view', 'command line', 'filter', 'help'] as const) {
          for (const result of [undefined, { number: 1, scroll: 3 }]) {
            const lines = screen(model, { ...newUi(size), view, mode, result }, new NotedCommands());
            expect(lines).toHaveLength(size.rows);
            for (const one of lines) {
              expect(lineWidth(one)).toBe(size.columns);
              expect(textOf(one)).not.toMatch(/[\p{Cc}\u202e]/u);
              // Some terminals draw these wide, and some of their fonts in colours.
              expect(textOf(one)).not.toMatch(/\p{Extended_Pictographic}/u);
            }
          }
        }
      }
    },
  );
});

test.each(viewIds)('the last line of %s names the way to all keys and out, however much else there is', (view) => {
  for (const columns of [40, 80, 200]) {
    for (const result of [undefined, { number: 1, scroll: 0 }]) {
      const lines = frame(failover(), { view, result }, { columns, rows: 23 }).split('\n');
      expect(lines.at(-1)).toMatch(/ \? keys {2}q quit/);
    }
  }
});

describe('the command line', () => {
  test('offers all commands', () => expect(frame(freshBank(), typing(''))).toMatchSnapshot());
  test('offers the names that can follow', () => expect(frame(freshBank(), typing('PrintLog '))).toMatchSnapshot());
  test('says what Enter would do', () =>
    expect(frame(freshBank(), typing('CrashServer S2'))).toContain(' ✓ Enter kill the process'));
  test('says what is wrong', () =>
    expect(frame(freshBank(), typing('CrashServer S9'))).toContain(' ✗ there is no "S9"'));
  test('does not call wrong what can still be completed', () =>
    expect(frame(freshBank(), typing('CrashServer '))).toContain(' … usage: CrashServer <server>'));
  test('calls it wrong when it was given', () => {
    expect(frame(freshBank(), { ...typing('CrashServer '), isRefused: true })).toContain(
      ' ✗ usage: CrashServer <server>',
    );
  });
  test('shows a long line around its cursor', () => {
    const text = `PrintLog ${'x'.repeat(200)}`;
    const drawn = frame(freshBank(), typing(text)).split('\n').at(-2)!;
    expect(drawn.length).toBeLessThanOrEqual(80);
    expect(drawn).toMatch(/^: x+$/);
  });
});

describe('a result', () => {
  const lines = ['S1: 1 transfer in the log, 0 pending', '  2. S1 → S3: 75  [1-5]'];
  const done = after(
    played(),
    { type: 'command-began', number: 1, line: 'PrintLog S1' },
    { type: 'command-ended', number: 1, failed: false, lines },
  );

  test('stands below the view', () =>
    expect(frame(done, { view: 'log', result: { number: 1, scroll: 0 } })).toMatchSnapshot());
  test('of a set that is played shows the fates as they come', () => {
    const running = after(playing(), { type: 'command-began', number: 1, line: '5' });
    expect(frame(running, { view: 'timeline', result: { number: 1, scroll: 0 } })).toMatchSnapshot();
  });
  test('can be read to the end of each line', () => {
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`);
    const model = after(done, { type: 'command-ended', number: 1, failed: false, lines: [words.join(' ')] });
    const drawn = frame(model, { result: { number: 1, scroll: 0 } });
    for (const word of words) expect(drawn).toMatch(new RegExp(`\\b${word}\\b`));
  });
  test('that is long can be scrolled, and takes half of the screen', () => {
    const long = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const model = after(done, { type: 'command-ended', number: 1, failed: true, lines: long });
    const drawn = frame(model, { result: { number: 1, scroll: 5 } });
    expect(drawn).toContain('✗ failed');
    expect(drawn).toContain('6–13 of 40, ↑↓ scroll, Esc closes');
    expect(drawn).toContain('line 12');
    expect(drawn).not.toContain('line 13');
  });
});

describe('the help', () => {
  test('has every key of the view, and every command', () =>
    expect(frame(freshBank(), { mode: 'help', view: 'events' }, large)).toMatchSnapshot());
  test('says what is not available, and why', () => {
    const crash = { ...rows[5]!, unavailable: 'these servers were started elsewhere' };
    const drawn = screen(freshBank(), { ...newUi(large), mode: 'help' }, new NotedCommands([crash]))
      .map(textOf)
      .join('\n');
    expect(drawn).toContain('⊘ these servers were started elsewhere');
  });
});
