import { describe, expect, test } from '@jest/globals';
import { after } from '../testing/bank.js';
import { cell, layout, tokenCluster } from '../testing/tokens.js';
import { registerNames, registerRow } from './register-rows.js';

const names = (model = tokenCluster()) =>
  registerNames(model.layout, ...model.servers.flatMap(({ cells }) => cells ?? []));
const rowOf = (name: string, model = tokenCluster()) =>
  registerRow(
    names(model).find(({ token, key }) => (token ?? key) === name)!,
    model.servers,
    model.layout,
  );

test('tokens come first, in natural order; patterns are no registers, what is held under them is', () => {
  expect(names().map(({ token, key }) => token ?? key)).toEqual(['t2', 't10', 'config/a', 'config/b']);
});

test('a token that nobody holds yet was never written', () => {
  expect(rowOf('t10')).toMatchObject({ newest: undefined, agreeing: 0, writer: 'S2' });
  expect(rowOf('t10').replicas.map(({ standing }) => standing)).toEqual(['empty', 'empty']);
});

describe('replicas', () => {
  test('agree, or are behind the highest tag', () => {
    const { newest, agreeing, replicas } = rowOf('t2');
    expect([newest?.tag, agreeing]).toEqual([[3, 'S1'], 2]);
    expect(replicas.map(({ server, standing }) => `${server} ${standing}`)).toEqual([
      'S1 newest',
      'S2 newest',
      'S3 behind',
    ]);
  });

  test('are compared by counter, then by writer in natural order', () => {
    const model = after(
      tokenCluster(),
      { type: 'cells', server: 'S1', cells: [cell('config/a', [4, 'S10'])] },
      { type: 'cells', server: 'S2', cells: [cell('config/a', [4, 'S2'])] },
    );
    expect(rowOf('config/a', model).newest?.tag).toEqual([4, 'S10']);
  });

  test('are marked where they are silent', () => {
    expect(rowOf('t2').replicas.map(({ silent }) => silent)).toEqual([undefined, 'read', undefined]);
  });

  test('of a pattern are those of the longest that fits, a key before all', () => {
    const precise = {
      ...layout,
      registers: [...layout.registers, { key: 'config/a', writer: 'S3', replicas: ['S3'] }],
    };
    const model = after(tokenCluster(), { type: 'layout', layout: precise });
    expect(rowOf('config/a', model).writer).toBe('S3');
    expect(rowOf('config/b', model).writer).toBe('any');
  });
});
