import { expect, test } from '@jest/globals';
import { findKeys, keysIn } from './found-keys.js';

const replicas = ['S1', 'S2', 'S3'];
const pattern = (key: string) => ({ key, writer: 'any', replicas });
const token = (id: string) => ({ id, writer: 'S1', replicas });

test('of patterns new keys are made, in turn, with the name of the run', () => {
  const layout = { nodes: [], registers: [pattern('a/*'), pattern('*')], tokens: [token('1')] };
  expect(keysIn(layout, 3, 'run')).toEqual({
    kind: 'register',
    keys: ['a/record-run-1', 'record-run-2', 'a/record-run-3'],
    used: [],
  });
});

test('single keys may hold something, and are at most half of the keys where there are patterns', () => {
  const layout = { nodes: [], registers: [pattern('x'), pattern('y'), pattern('z'), pattern('a/*')], tokens: [] };
  expect(keysIn(layout, 5, 'run')).toEqual({
    kind: 'register',
    keys: ['x', 'y', 'a/record-run-1', 'a/record-run-2', 'a/record-run-3'],
    used: ['x', 'y'],
  });
  expect(keysIn({ ...layout, registers: [pattern('x'), pattern('y')] }, 5, 'run').keys).toEqual(['x', 'y']);
});

test('where there are no registers it is tokens, which may hold something', () => {
  const layout = { nodes: [], registers: [], tokens: [token('1'), token('2'), token('3')] };
  expect(keysIn(layout, 2, 'run')).toEqual({ kind: 'token', keys: ['1', '2'], used: ['1', '2'] });
});

test('nobody there is said with the address', async () => {
  await expect(findKeys(['127.0.0.1:1'], 5)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('127.0.0.1:1'),
  });
});
