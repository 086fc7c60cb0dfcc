import { expect, test } from '@jest/globals';
import { renderDeleted, renderSaved, renderValue, renderWritten, valueAnswer } from './register-answers.js';

const tag = [3, 'S1'] as const;

test.each<[string, Uint8Array | undefined, typeof tag | undefined, string, object]>([
  ['text', Buffer.from('blue'), tag, 'register a "blue"  tag 3@S1', { value: 'blue', tag }],
  ['no bytes', Buffer.alloc(0), tag, 'register a ""  tag 3@S1', { value: '', tag }],
  ['lines', Buffer.from('a\nb'), tag, 'register a "a\\nb"  tag 3@S1', { value: 'a\nb', tag }],
  ['a byte order mark', Buffer.from('\uFEFFa'), tag, 'register a "\uFEFFa"  tag 3@S1', { value: '\uFEFFa', tag }],
  ['no text', Buffer.from([255, 0]), tag, 'register a base64 /wA=  tag 3@S1', { value: null, base64: '/wA=', tag }],
  ['nothing any more', undefined, tag, 'register a deleted  tag 3@S1', { value: null, tag }],
  ['nothing yet', undefined, undefined, 'register a never written', { value: null, tag: null }],
])('a register that holds %s is told in one line', (_what, value, of, line, json) => {
  const answer = valueAnswer('a', { value, tag: of });
  expect(answer).toEqual({ key: 'a', ...json });
  expect(renderValue(answer)).toEqual([line]);
});

test('what was done is told with its tag', () => {
  expect(renderWritten({ key: 'a', tag })).toEqual(['register a written  tag 3@S1']);
  expect(renderDeleted({ key: 'a b', tag })).toEqual(['register "a b" deleted  tag 3@S1']);
  expect(renderSaved({ key: 'a', file: 'out.bin', tag })).toEqual(['register a in out.bin  tag 3@S1']);
});
