import { describe, expect, test } from '@jest/globals';
import { HistoryReader, readHistory } from './index.js';

const invoke = { process: 0, type: 'invoke', f: 'write', key: '101', value: 'a', time: 10 };
const ok = { ...invoke, type: 'ok', time: 20, tag: [1, 'S1'] };

function lines(...events: object[]): string {
  return events.map((event) => JSON.stringify(event)).join('\n');
}

function refusal(text: string): string {
  try {
    readHistory(text);
  } catch (error) {
    expect(error).toMatchObject({ name: 'SynodError', code: 'invalid_argument' });
    return (error as Error).message;
  }
  throw new Error('the history was accepted');
}

describe('reads', () => {
  test('an operation that is ok, with its tag', () => {
    expect(readHistory(lines(invoke, ok))).toEqual([
      { process: 0, f: 'write', key: '101', value: 'a', outcome: 'ok', start: 10, end: 20, tag: [1, 'S1'] },
    ]);
  });

  test('the value a read returned; null and a missing value are the initial one', () => {
    const read = { process: 1, type: 'invoke', f: 'read', key: 'k', time: 1 };
    const events = [read, { ...read, type: 'ok', value: 5 }, read, { ...read, type: 'ok', value: null }, read];
    expect(readHistory(lines(...events, { ...read, type: 'ok' })).map(({ value }) => value)).toEqual([5, null, null]);
  });

  test('failures, unknown outcomes, and what was still running at the end', () => {
    const other = (process: number, type: string) => ({ ...invoke, process, type, time: 30 });
    const history = readHistory(
      lines(invoke, other(1, 'invoke'), other(2, 'invoke'), other(0, 'fail'), other(1, 'info')),
    );
    expect(history.map(({ process, outcome, end }) => [process, outcome, end])).toEqual([
      [0, 'fail', 30],
      [1, 'info', undefined],
      [2, 'info', undefined],
    ]);
  });

  test('numbers above 2^53-1 as decimal text, exactly, and compares them with others', () => {
    const late = { ...invoke, time: '9007199254740993', process: '12345678901234567890' };
    const history = readHistory(lines(late, { ...ok, ...late, type: 'ok', tag: ['18446744073709551615', 'S1'] }));
    expect(history).toMatchObject([
      { process: 12345678901234567890n, start: 9007199254740993n, tag: [18446744073709551615n, 'S1'] },
    ]);
    expect(readHistory(lines(invoke, { ...ok, time: '9007199254740993' }))[0]!.end).toBe(9007199254740993n);
    expect(readHistory(lines(invoke, { ...ok, time: '20' }))[0]!.end).toBe(20);
  });

  test('CRLF, blank lines, a byte order mark, fields of other tools, and a missing last line break', () => {
    const text = `\uFEFF${JSON.stringify({ ...invoke, error: 'x' })}\r\n\r\n  \n${JSON.stringify(ok)}`;
    expect(readHistory(text)).toHaveLength(1);
    expect(readHistory(`${text}\r\n`)).toHaveLength(1);
    expect(readHistory('')).toEqual([]);
  });

  test('line by line, as they arrive', () => {
    const reader = new HistoryReader();
    for (const line of lines(invoke, ok).split('\n')) reader.add(`${line}\n`);
    expect(reader.end()).toEqual(readHistory(lines(invoke, ok).split('\n').values()));
  });

  test('bytes as they arrive, wherever they are cut', () => {
    const lineSeparator = { ...invoke, process: 1, key: 'é\u2028' };
    const text = `\uFEFF${lines(invoke, ok)}\r\n\r\n${lines(lineSeparator, { ...invoke, time: 21 }, { ...ok, time: 22 })}`;
    const bytes = Buffer.from(text);
    for (let length = 1; length <= bytes.length; length++) {
      const reader = new HistoryReader();
      const piece = Buffer.alloc(length); // the same memory again and again, as programs read files
      for (let at = 0; at < bytes.length; at += length) {
        reader.addBytes(piece.subarray(0, bytes.copy(piece, 0, at, Math.min(at + length, bytes.length))));
      }
      expect(reader.end()).toEqual(readHistory(text));
    }
    expect(readHistory(text)).toHaveLength(3);
  });

  test('lines of several processes in any order, as merged files have them', () => {
    expect(readHistory(lines(invoke, ok, { ...invoke, process: 1, time: 1 }))).toHaveLength(2);
  });
});

describe('refuses, naming the line:', () => {
  test.each<[name: string, text: string, message: string]>([
    ['a list', '[]', 'line 1: is not a JSON object'],
    ['a missing field', lines({ ...invoke, key: undefined }), 'line 1: key: is missing: write text'],
    ['a key that is a number', lines({ ...invoke, key: 101 }), 'line 1: key: 101 is not text'],
    ['another type', lines({ ...invoke, type: 'done' }), 'line 1: type: "done" is not invoke, ok, fail, info'],
    ['another operation', lines({ ...invoke, f: 'cas' }), 'line 1: f: "cas" is not read, write'],
    [
      'a negative time',
      lines({ ...invoke, time: -1 }),
      'line 1: time: -1 is not a whole number (decimal text above 2^53-1)',
    ],
    [
      'a time that was rounded already',
      '{"process":0,"type":"invoke","f":"read","key":"k","time":9007199254740993}',
      'line 1: time: 9007199254740992 is not a whole number (decimal text above 2^53-1)',
    ],
    [
      'a value that was rounded already',
      '\n{"process":0,"type":"invoke","f":"write","key":"k","time":1,"value":18446744073709551615}',
      'line 2: value: 18446744073709552000 is not text, true, false, null or a number (decimal text above 2^53-1)',
    ],
    [
      'a value that is a list',
      lines({ ...invoke, value: [1] }),
      'line 1: value: [1] is not text, true, false, null or a number (decimal text above 2^53-1)',
    ],
    ['a tag without writer', lines(invoke, { ...ok, tag: [1] }), 'line 2: tag: [1] is not [counter, "writer"]'],
    [
      'a tag with a bad counter',
      lines(invoke, { ...ok, tag: ['x', 'S1'] }),
      'line 2: tag[0]: "x" is not a whole number (decimal text above 2^53-1)',
    ],
    ['a tag on an invocation', lines({ ...invoke, tag: [1, 'S1'] }), 'line 1: tag: stands on ok only, not on invoke'],
    ['an end of nothing', lines(ok), 'line 1: process 0 runs nothing that could end'],
    ['two ends', lines(invoke, ok, ok), 'line 3: process 0 runs nothing that could end'],
    [
      'two operations of one process at a time',
      lines(invoke, invoke),
      'line 2: process 0 still runs what it invoked in line 1',
    ],
    [
      'a process that goes on after an unknown outcome',
      lines(invoke, { ...invoke, type: 'info' }, invoke),
      'line 3: process 0 was used up by the unknown outcome in line 2',
    ],
    ['time that goes back', lines(invoke, { ...ok, time: 9 }), "line 2: time: 9 is before 10, process 0's last"],
    [
      'the end of another operation',
      lines(invoke, { ...ok, f: 'read' }),
      'line 2: ends a read, but line 1 invoked a write',
    ],
    [
      'the end of another key',
      lines(invoke, { ...ok, key: '7' }),
      'line 2: names another key than its invocation in line 1',
    ],
    [
      'the end of another value',
      lines(invoke, { ...ok, value: 'b' }),
      'line 2: names another value than its invocation in line 1',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
    const reader = new HistoryReader();
    expect(() => {
      reader.addBytes(Buffer.from(text));
      reader.end();
    }).toThrow(message);
  });

  test('what is not JSON', () => {
    expect(refusal(`${lines(invoke)}\n{`)).toMatch(/^line 2: is not JSON \(.+\)$/);
  });
});
