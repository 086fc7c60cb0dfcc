import { afterEach, expect, test } from '@jest/globals';
import { mutated, mutationEnvironment, replaceOnce } from './mutation.mjs';
import transform from './transform.mjs';

const mutation = { file: '/package/src/sum.ts', find: 'a + b', replace: 'a - b' };
const source = 'export const sum = (a: number, b: number) => a + b;';
const [variable] = Object.keys(mutationEnvironment(mutation));

afterEach(() => {
  delete process.env[variable];
});

test('without a mutation every source stays as it is', () => {
  expect(mutated(source, mutation.file)).toBe(source);
});

test('a mutation changes its file alone', () => {
  Object.assign(process.env, mutationEnvironment(mutation));
  expect(mutated(source, mutation.file)).toContain('a - b');
  expect(mutated(source, '/package/src/other.ts')).toBe(source);
});

test.each([
  ['does not occur', 'a * b', 0],
  ['occurs twice', 'number', 2],
])('a text that %s is an error: the mutation no longer fits its file', (_case, find, times) => {
  expect(() => replaceOnce(source, { find, replace: 'x' })).toThrow(`found ${times} times instead of once: ${find}`);
});

test("Jest's cache never gives out the source of another mutation", () => {
  const transformer = transform.createTransformer({ jsc: { parser: { syntax: 'typescript' } } });
  const details = { config: {}, configString: '{}', instrument: false, supportsStaticESM: true };
  const key = () => transformer.getCacheKey(source, mutation.file, details);
  const sound = key();
  Object.assign(process.env, mutationEnvironment(mutation));
  expect(key()).not.toBe(sound);
  expect(transformer.process(source, mutation.file, details).code).toContain('a - b');
});
