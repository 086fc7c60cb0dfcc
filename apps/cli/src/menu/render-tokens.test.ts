import { describe, expect, test } from '@jest/globals';
import type { Facts, HeldToken, ReplicaFacts, TokenFacts } from './facts.js';
import { render } from './render.js';

const shown = (facts: Facts) => `\n${render(facts, (id) => id).join('\n')}\n`;
const shownTokens = (...tokens: TokenFacts[]) => shown({ kind: 'tokens', tokens, silent: [] });

const partial = { x: 4n, hash: 2_207_634_929_195_471_568n };
const abc = { kind: 'written', name: 'abc', domain: { low: 1n, mid: 5n, high: 25n }, partial } as const;

function replica(server: string, holds: HeldToken | undefined, more: Partial<ReplicaFacts> = {}): ReplicaFacts {
  return { server, state: 'up', silences: [], holds, isNewest: false, ...more };
}

test('a token that all replicas hold', () => {
  const held = { ...abc, tag: [3, 'R1'] } as const;
  const replicas = ['R1', 'R2', 'R10'].map((server) => replica(server, held, { isNewest: true }));
  expect(shownTokens({ id: '101', writer: 'R1', replicas, newest: held.tag })).toBe(`
token 101: all 3 replicas hold tag 3@R1
  replica  role    tag   holds
  R1       writer  3@R1  "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)
  R2       reader  3@R1  "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)
  R10      reader  3@R1  "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)
`);
});

test('replicas that differ, each with how it stands', () => {
  const old = {
    ...abc,
    domain: { low: 5n, mid: 5n, high: 2n ** 64n - 1n },
    partial: undefined,
    tag: [1, 'R1'],
  } as const;
  const replicas = [
    replica('R1', { kind: 'dropped', tag: [3, 'R1'] }, { isNewest: true, state: 'disconnected' }),
    replica('R2', { kind: 'dropped', tag: [3, 'R1'] }, { isNewest: true }),
    replica('R3', { kind: 'created', tag: [2, 'R1'] }),
    replica('R4', old, { state: 'crashed' }),
    replica('R5', { kind: 'nothing' }),
  ];
  expect(shownTokens({ id: 'my token', writer: 'R1', replicas, newest: [3, 'R1'] })).toBe(`
token "my token": 2 of 5 replicas hold tag 3@R1
  replica  role    tag   holds
  R1       writer  3@R1  dropped (disconnected)
  R2       reader  3@R1  dropped
  R3       reader  2@R1  created
  R4       reader  1@R1  "abc" [5, 5, 18446744073709551615)  partial none (crashed, from its data directory)
  R5       reader        nothing
`);
});

test('silences are told with what they are about', () => {
  const silence = (key: string | undefined, phase: 'read' | 'write' | undefined, active = true) => ({
    key,
    phase,
    active,
  });
  const held = { kind: 'created', tag: [2, 'R1'] } as const;
  const replicas = [
    replica('R1', undefined, { silences: [silence(undefined, undefined)] }),
    replica('R2', undefined, { silences: [silence('token/101', undefined)] }),
    replica('R3', held, { isNewest: true, silences: [silence('token/101', 'read'), silence(undefined, 'write')] }),
    replica('R4', held, { isNewest: true, silences: [silence('token/101', undefined, false)] }),
    replica('R5', held, { isNewest: true }),
  ];
  expect(shownTokens({ id: '101', writer: 'R1', replicas, newest: held.tag })).toBe(`
token 101: 3 of 5 replicas hold tag 2@R1, a majority; 2 do not tell
  replica  role    tag   holds
  R1       writer        not told (silent about everything)
  R2       reader        not told (silent)
  R3       reader  2@R1  created (silent in the read phase) (silent about everything in the write phase)
  R4       reader  2@R1  created (silent, later)
  R5       reader  2@R1  created
`);
});

describe('in one line', () => {
  const nothing = (server: string) => replica(server, { kind: 'nothing' });
  const one = (server: string) => replica(server, { kind: 'created', tag: [1, 'R1'] }, { isNewest: true });
  test.each<[string, ReplicaFacts[]]>([
    ['never written', [nothing('R1'), nothing('R2')]],
    ['never written; 1 does not tell', [nothing('R1'), replica('R2', undefined)]],
    ['its only replica holds tag 1@R1', [one('R1')]],
    ['1 of 2 replicas holds tag 1@R1', [one('R1'), nothing('R2')]],
    ['2 of 4 replicas hold tag 1@R1', [one('R1'), one('R2'), nothing('R3'), nothing('R4')]],
    ['2 of 3 replicas hold tag 1@R1, a majority', [one('R1'), one('R2'), nothing('R3')]],
  ])('%s', (line, replicas) => {
    const newest = replicas.some(({ isNewest }) => isNewest) ? ([1, 'R1'] as const) : undefined;
    expect(shownTokens({ id: 'x', writer: 'R1', replicas, newest })).toMatch(`\ntoken x: ${line}\n`);
  });

  test('no tokens', () => {
    expect(shownTokens()).toBe('\nno tokens are configured\n');
  });
});

test('a name that would obey the terminal does not reach it', () => {
  const held = { ...abc, name: '\u001b[2J\u009b\n', tag: [1, 'R1'] } as const;
  const text = shownTokens({ id: 'x', writer: 'R1', replicas: [replica('R1', held)], newest: held.tag });
  expect(text).toContain('"\\u001b[2J\\u009b\\n" [1, 5, 25)');
});

test('a token that was read or written, created or dropped', () => {
  const { name, domain } = abc;
  const tag = [3, 'R1'] as const;
  const final = { x: 15n, hash: 902_613_196_918_738_813n };
  expect(shown({ kind: 'token', id: '101', name, domain, partial, final, tag })).toBe(`
token 101 "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)  final x=15 (hash 902613196918738813)  tag 3@R1
`);
  expect(shown({ kind: 'token', id: '101', name, domain, partial: null, tag })).toBe(`
token 101 "abc" [1, 5, 25)  partial none  tag 3@R1
`);
  expect(shown({ kind: 'token-created', id: '101', tag })).toBe('\ntoken 101 created  tag 3@R1\n');
  expect(shown({ kind: 'token-dropped', id: '101', tag })).toBe('\ntoken 101 dropped  tag 3@R1\n');
});

test('a server that does not answer: its reason stands below the tokens', () => {
  const silent = [{ server: 'R2', reason: 'R2 runs, but does not answer' }];
  expect(render({ kind: 'tokens', tokens: [], silent }, (id) => id).at(-1)).toBe('R2 runs, but does not answer');
});
