import { expect, test } from '@jest/globals';
import { mutated, mutationOption, replaceOnce } from './mutation.mjs';
import transform from './transform.mjs';

const mutation = { file: '/package/src/sum.ts', find: 'a + b', replace: 'a - b' };
const source = 'export const sum = (a: number, b: number) => a + b;';
const [, option] = mutationOption(mutation);
const globals = JSON.parse(option);

test('without a mutation every source stays as it is', () => {
  expect(mutated(source, mutation.file, {})).toBe(source);
});

test('a mutation changes its file alone', () => {
  expect(mutated(source, mutation.file, globals)).toContain('a - b');
  expect(mutated(source, '/package/src/other.ts', globals)).toBe(source);
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
  const mutating = { ...details, config: { globals } };
  const key = (it) => transformer.getCacheKey(source, mutation.file, it);
  expect(key(mutating)).not.toBe(key(details));
  expect(transformer.process(source, mutation.file, mutating).code).toContain('a - b');
});
