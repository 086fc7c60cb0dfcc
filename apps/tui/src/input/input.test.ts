import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Key } from 'ink';
import { rows } from '../testing/commands.js';
import { viewIds } from '../views/view.js';
import { complete } from './completion.js';
import { appendHistory, readHistory } from './history-file.js';
import { historyOf, look, remember } from './history.js';
import { bindingFor, bindings, showKey } from './keymap.js';
import { keyPresses } from './key-presses.js';
import { edit, editorOf, insert, type Edit } from './line-editor.js';

describe('editing', () => {
  const at = (marked: string) => ({ text: marked.replace('|', ''), cursor: marked.indexOf('|') });
  const show = ({ text, cursor }: { text: string; cursor: number }) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

  test.each<[Edit, string, string]>([
    ['left', 'ab|c', 'a|bc'],
    ['left', '|abc', '|abc'],
    ['right', 'ab|c', 'abc|'],
    ['right', 'abc|', 'abc|'],
    ['left', 'a👩‍👩‍👧|', 'a|👩‍👩‍👧'],
    ['start', 'ab|c', '|abc'],
    ['end', 'a|bc', 'abc|'],
    ['backspace', 'ab|c', 'a|c'],
    ['backspace', '|abc', '|abc'],
    ['backspace', 'a👩‍👩‍👧|b', 'a|b'],
    ['delete', 'a|bc', 'a|c'],
    ['delete', 'abc|', 'abc|'],
    ['cut-word', 'PrintLog S1|', 'PrintLog |'],
    ['cut-word', 'PrintLog  |', '|'],
    ['cut-word', '|x', '|x'],
    ['cut-to-start', 'ab|c', '|c'],
    ['cut-to-end', 'a|bc', 'a|'],
  ])('%s: %s becomes %s', (what, before, after) => {
    expect(show(edit(at(before), what))).toBe(after);
  });

  test('text is inserted where the cursor stands', () => {
    expect(show(insert(at('a|d'), 'bc'))).toBe('abc|d');
    expect(show(editorOf('abc'))).toBe('abc|');
  });
});

describe('completion', () => {
  const lines = (typed: string) => complete(typed, rows).map(({ line }) => line);

  test.each([
    ['printl', ['PrintLog ']],
    ['balance', ['BalanceMap ', 'PrintBalance ']],
    ['5', ['NextIteration']],
    ['5.', ['NextIteration']],
    ['con', ['Connect ', 'Disconnect ']],
    ['PrintLog s', ['PrintLog S1', 'PrintLog S2', 'PrintLog S3', 'PrintLog S4', 'PrintLog S5']],
    ['2 a', ['2 all']],
    ['CrashServer a', []],
    ['PrintLog S1 ', []],
    ['q', ['quit']],
    ['nothing S', []],
  ])('of %j', (typed, expected) => {
    expect(lines(typed)).toEqual(expected);
  });

  test('an empty line offers everything, in the order of the menu', () => {
    expect(lines('').slice(0, 2)).toEqual(['PrintBalance ', 'PrintLog ']);
    expect(lines('')).toHaveLength(rows.length + 2);
  });

  test('names with spaces are quoted', () => {
    const table = [{ ...rows[1]!, choices: (at: number) => (at < 2 ? ['my token', 'my, other', 'plain'] : []) }];
    const offered = (typed: string) => complete(typed, table).map(({ line }) => line);
    expect(offered('2 ')).toEqual(['2 "my token"', '2 "my, other"', '2 plain']);
    expect(offered('2 "my t')).toEqual(['2 "my token"']);
    expect(offered('2 "my token" pl')).toEqual(['2 "my token" plain']);
  });

  test('what can not be used here is offered with the reason', () => {
    const [candidate] = complete('Crash', [{ ...rows[5]!, unavailable: 'started elsewhere' }]);
    expect(candidate).toMatchObject({ isUnavailable: true, about: 'started elsewhere' });
  });
});

describe('history', () => {
  const history = historyOf(['one', 'two']);

  test('goes back, and forth to what was being typed', () => {
    const back = look(history, -1, 'draft');
    const further = look(back.history, -1, back.text);
    const stays = look(further.history, -1, further.text);
    const forth = look(stays.history, 1, stays.text);
    const end = look(forth.history, 1, forth.text);
    expect([back, further, stays, forth, end].map(({ text }) => text)).toEqual(['two', 'one', 'one', 'two', 'draft']);
    expect(look(end.history, 1, 'draft').text).toBe('draft');
  });

  test('keeps no line twice in a row, and five hundred at most', () => {
    expect(remember(history, 'two').lines).toEqual(['one', 'two']);
    expect(remember(history, 'one').lines).toEqual(['one', 'two', 'one']);
    expect(historyOf(Array.from({ length: 600 }, (_, i) => String(i))).lines).toHaveLength(500);
  });
});

describe('the history between runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synod-history-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is read as it was written, and its folder is made', () => {
    const path = join(folder, 'state/synod/history');
    expect(readHistory(path)).toEqual([]);
    appendHistory(path, 'PrintLog S1');
    appendHistory(path, '5');
    expect(readHistory(path)).toEqual(['PrintLog S1', '5']);
  });

  test('is no reason to fail where it can not be written', () => {
    appendHistory(join(folder, 'a'), 'x');
    expect(() => appendHistory(join(folder, 'a/b/history'), 'x')).not.toThrow();
  });
});

describe('what Ink says of keys', () => {
  const none = Object.fromEntries(
    'upArrow downArrow leftArrow rightArrow pageDown pageUp home end return escape ctrl shift tab backspace delete meta'
      .split(' ')
      .map((flag) => [flag, false]),
  ) as unknown as Key;
  const names = (input: string, key: Partial<Key> = {}) =>
    keyPresses(input, { ...none, ...key }).map(({ name }) => name);

  test.each<[string, Partial<Key>, readonly string[]]>([
    ['l', {}, ['l']],
    ['', { downArrow: true }, ['down']],
    ['', { tab: true, shift: true }, ['shift+tab']],
    ['c', { ctrl: true }, ['ctrl+c']],
    ['x', { meta: true }, ['alt+x']],
    ['\r', { return: true }, ['enter']],
    ['👩‍👩‍👧', {}, ['👩‍👩‍👧']],
    ['', {}, []],
    ['5\r', {}, ['5', 'enter']],
    [':Crash\tS2\r\n', {}, [':', 'C', 'r', 'a', 's', 'h', 'tab', 'S', '2', 'enter']],
    ['[B\u001b[B\u001b[5~', {}, ['down', 'down', 'pageup']],
    ['a\u001bOA\u001b[Z\u007f\u0015', {}, ['a', 'up', 'shift+tab', 'backspace', 'ctrl+u']],
    ['[A', {}, ['[', 'A']],
    ['q\u0003', {}, ['q', 'ctrl+c']],
    ['\u001b[200~x', {}, ['x']],
  ])('%j %j are %j', (input, key, expected) => {
    expect(names(input, key)).toEqual(expected);
  });
});

describe('keys', () => {
  test('mean one thing in each place', () => {
    const all = bindings.flatMap(({ keys, places }) =>
      keys.flatMap((key) => places.map((place) => `${place}: ${key}`)),
    );
    expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([]);
  });

  test('there is one for each view', () => {
    const shown = bindings.flatMap(({ action }) => (action.type === 'view' ? action.view : []));
    expect(shown).toEqual([...viewIds]);
  });

  test('of a view come before those of everywhere', () => {
    expect(bindingFor('enter', ['blocks', 'everywhere'])?.action).toEqual({ type: 'open' });
    expect(bindingFor('enter', ['ledger', 'everywhere'])?.action).toEqual({ type: 'command', text: '' });
    expect(bindingFor('z', ['ledger', 'everywhere'])).toBeUndefined();
  });

  test('have names that people know', () => {
    expect(['up', 'ctrl+u', 'shift+tab', ' ', 'x'].map(showKey)).toEqual(['↑', 'Ctrl-U', 'Shift-Tab', 'Space', 'x']);
  });
});
