import { describe, expect, test } from '@jest/globals';
import { renderCreated, renderDropped, renderList, renderToken, tokenAnswer } from './token-answers.js';

const tag = [3, '127.0.0.20:8000'] as const;
const partial = { x: 4n, hash: 2207634929195471568n };
const final = { x: 70n, hash: 60570345165277511n };
const domain = { low: 0n, mid: 10n, high: 100n };

describe('a token is told in one line', () => {
  test('as it was read: with both states, their hashes, and the tag', () => {
    expect(renderToken(tokenAnswer({ id: '101', name: 'abc', domain, partial, final }, tag))).toEqual([
      'token 101 "abc" [0, 10, 100)  partial x=4 (hash 2207634929195471568)  final x=70 (hash 60570345165277511)  ' +
        'tag 3@127.0.0.20:8000',
    ]);
  });

  test('as it was written: without a final state; where low = mid, without a partial one', () => {
    const written = tokenAnswer({ id: '101', name: '', domain: { ...domain, mid: 0n }, partial: undefined }, tag);
    expect(renderToken(written)).toEqual(['token 101 "" [0, 0, 100)  partial none  tag 3@127.0.0.20:8000']);
    expect(written).toMatchObject({ partial: null });
  });

  test('to the last digit', () => {
    const high = 2n ** 64n - 1n;
    const answer = tokenAnswer(
      { id: '1', name: 'x', domain: { low: high - 1n, mid: high - 1n, high }, partial: undefined },
      tag,
    );
    expect(renderToken(answer)[0]).toContain('[18446744073709551614, 18446744073709551614, 18446744073709551615)');
  });
});

describe('whatever an id or a name holds, the line stays one line and can be read in one way', () => {
  test.each([
    ['007', 'token 007 created'],
    ['a/../__proto__', 'token a/../__proto__ created'],
    ['漢字', 'token 漢字 created'],
    ['a b', 'token "a b" created'],
    ['a"b', 'token "a\\"b" created'],
    ['a\u2028b', 'token "a\\u2028b" created'],
  ])('id %j', (id, line) => {
    expect(renderCreated({ id, tag: [1, 'S1'] })).toEqual([`${line}  tag 1@S1`]);
  });

  test.each([
    ['line\nbreak', '"line\\nbreak"'],
    ['\u001b[31m', '"\\u001b[31m"'],
    ['\u009b31m', '"\\u009b31m"'],
    ['abc\u202ecba', '"abc\\u202ecba"'],
    ['\u007f', '"\\u007f"'],
  ])('name %j', (name, shown) => {
    const [line] = renderToken(tokenAnswer({ id: '1', name, domain, partial }, [1, 'S1']));
    expect(line).toContain(`token 1 ${shown} [0, 10, 100)  `);
  });
});

test('created and dropped tokens have their tag', () => {
  expect(renderCreated({ id: '101', tag })).toEqual(['token 101 created  tag 3@127.0.0.20:8000']);
  expect(renderDropped({ id: '101', tag })).toEqual(['token 101 dropped  tag 3@127.0.0.20:8000']);
});

test('a list is a table: of a cluster with who may, of a server with what it holds', () => {
  const replicas = ['S1', 'S2'];
  const tokens = [
    { id: '101', writer: 'S1', replicas },
    { id: 'a b', writer: 'S2', replicas },
  ];
  expect(renderList({ tokens })).toEqual([
    '  token  writer  replicas',
    '  101    S1      S1 S2',
    '  "a b"  S2      S1 S2',
  ]);
  expect(renderList({ tokens: [{ id: '101' }, { id: '102' }] })).toEqual(['  token', '  101', '  102']);
  expect(renderList({ tokens: [] })).toEqual(['no tokens']);
});
