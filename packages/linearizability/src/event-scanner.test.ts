import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvent } from './event.js';
import { EventScanner } from './event-scanner.js';
import { RecentWords } from './recent-words.js';

const scanner = new EventScanner();
const scan = (line: string) => scanner.scan(Buffer.from(`${line}\n`), 0);

const plainText = fc.stringMatching(/^[ !#-[\]-~]{0,12}$/);
const number = fc.nat(999_999_999_999_999);
const plainEvent = fc.record({
  process: number,
  type: fc.constantFrom('invoke', 'ok', 'fail', 'info'),
  f: fc.constantFrom('read', 'write'),
  key: plainText,
  value: fc.option(plainText),
  time: number,
});
const event = fc
  .tuple(plainEvent, fc.option(fc.tuple(number, plainText), { nil: undefined }))
  .map(([plain, tag]) => ({ ...plain, tag: plain.type === 'ok' ? tag : undefined }));

describe('a line', () => {
  test('as Synod records it is read as JSON would be', () => {
    const whole = fc.property(event, (one) => {
      const line = JSON.stringify(one);
      expect(scan(line)).toEqual(readEvent(line, 1));
    });
    fc.assert(whole, { seed: 1, numRuns: 2_000 });
  });

  test('that is changed in any place is read as JSON would be, or left to it', () => {
    const bytes = fc.constantFrom(...'0123456789"\\,:{}[] abn-.eé\u2028'.split(''));
    const changed = fc.property(event, fc.nat(), fc.nat(2), bytes, (one, at, removed, put) => {
      const line = JSON.stringify(one);
      const from = at % line.length;
      const other = line.slice(0, from) + put + line.slice(from + removed);
      const found = scan(other);
      if (found !== undefined) expect(found).toEqual(readEvent(other, 1));
    });
    fc.assert(changed, { seed: 2, numRuns: 20_000 });
  });

  test.each([
    ['with its fields in another order', '{"type":"invoke","process":0,"f":"read","key":"k","value":null,"time":1}'],
    ['without a value', '{"process":0,"type":"invoke","f":"read","key":"k","time":1}'],
    ['with a value that is a number', '{"process":0,"type":"invoke","f":"write","key":"k","value":7,"time":1}'],
    ['with spaces', '{"process": 0,"type":"invoke","f":"read","key":"k","value":null,"time":1}'],
    ['with an escape', '{"process":0,"type":"invoke","f":"read","key":"\\n","value":null,"time":1}'],
    [
      'with other characters than those of ASCII',
      '{"process":0,"type":"invoke","f":"read","key":"é","value":null,"time":1}',
    ],
    [
      'with a number of 16 digits',
      '{"process":0,"type":"invoke","f":"read","key":"k","value":null,"time":1000000000000000}',
    ],
    [
      'with a tag of another form',
      '{"process":0,"type":"ok","f":"read","key":"k","value":null,"time":1,"tag":["7","S1"]}',
    ],
    ['with a tag that is none', '{"process":0,"type":"ok","f":"read","key":"k","value":null,"time":1,"tag":[}'],
    [
      'with a tag on a failure',
      '{"process":0,"type":"fail","f":"read","key":"k","value":null,"time":1,"tag":[7,"S1"]}',
    ],
  ])('%s is left to JSON', (_, line) => {
    expect(scan(line)).toBeUndefined();
  });

  test('that goes on behind what was cut is left to JSON', () => {
    const line = JSON.stringify({ process: 0, type: 'invoke', f: 'read', key: 'k', value: null, time: 1 });
    for (let length = 0; length < line.length; length++) expect(scan(line.slice(0, length))).toBeUndefined();
  });
});

test('words that share a place in the table are told apart', () => {
  const words = new RecentWords();
  const bytes = Buffer.from('onetwo');
  const read = () => [words.of(bytes, 0, 3, 5), words.of(bytes, 3, 6, 5), words.of(bytes, 0, 2, 5)];
  expect([...read(), ...read()]).toEqual(['one', 'two', 'on', 'one', 'two', 'on']);
});
