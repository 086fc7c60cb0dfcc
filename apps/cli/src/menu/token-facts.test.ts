import { expect, test } from '@jest/globals';
import type { Cell } from '@synod/register';
import { encodeToken, tokenKey } from '@synod/tokens';
import type { RegisterLook } from '../cluster/register-view.js';
import { tokenFacts } from './token-facts.js';

const config = { id: '101', writer: 'R1', replicas: ['R1', 'R2', 'R3'], initial: undefined };
const key = tokenKey('101');
const written = { kind: 'written', name: 'abc', domain: { low: 1n, mid: 1n, high: 2n }, partial: undefined } as const;
const earlier = '00000000000000a1';
const later = '00000000000000b2';

function cell(counter: number, incarnation: string, value: Uint8Array | undefined): Cell {
  return { counter, writer: 'R1', incarnation, value };
}

function facts(looks: Record<string, Partial<RegisterLook>>): ReturnType<typeof tokenFacts> {
  const all = Object.entries(looks).map(([server, look]) => {
    return [server, { server, silences: [], cells: new Map(), ...look }] as const;
  });
  return tokenFacts(config, new Map(all), (server) => (server === 'R3' ? 'crashed' : 'up'));
}

test('each replica holds a cell, nothing, or does not tell', () => {
  const { id, writer, replicas, newest } = facts({
    R1: { cells: new Map([[key, cell(2, earlier, encodeToken(written))]]) },
    R2: { cells: new Map([[key, undefined]]) },
  });
  expect({ id, writer, newest }).toEqual({ id: '101', writer: 'R1', newest: [2, 'R1'] });
  expect(replicas).toEqual([
    { server: 'R1', state: 'up', silences: [], holds: { ...written, tag: [2, 'R1'] }, isNewest: true },
    { server: 'R2', state: 'up', silences: [], holds: { kind: 'nothing' }, isNewest: false },
    { server: 'R3', state: 'crashed', silences: [], holds: undefined, isNewest: false },
  ]);
});

test('the newest is that of the greatest timestamp, also where tags look alike', () => {
  const { replicas, newest } = facts({
    R1: { cells: new Map([[key, cell(3, earlier, encodeToken({ kind: 'created' }))]]) },
    R2: { cells: new Map([[key, cell(3, later, undefined)]]) },
    R3: { cells: new Map([[key, cell(2, later, undefined)]]) },
  });
  expect(newest).toEqual([3, 'R1']);
  expect(replicas.map(({ isNewest }) => isNewest)).toEqual([false, true, false]);
  expect(replicas.map(({ holds }) => holds?.kind)).toEqual(['created', 'dropped', 'dropped']);
});

test('nobody holds it: there is no newest', () => {
  const empty = { cells: new Map([[key, undefined]]) };
  expect(facts({ R1: empty, R2: empty, R3: empty })).toMatchObject({ newest: undefined });
});

test('silences about other tokens are not told', () => {
  const about = (silent: string | undefined) => ({ key: silent, phase: undefined, active: true });
  const [first] = facts({ R1: { silences: [about(tokenKey('102')), about(key), about(undefined)] } }).replicas;
  expect(first!.silences).toEqual([about(key), about(undefined)]);
});
