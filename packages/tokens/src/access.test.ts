import { expect, test } from '@jest/globals';
import { accessPoint, mayAccess, type TokenConfig } from './index.js';

const config: TokenConfig = { id: '101', writer: 'a:1', replicas: ['a:1', 'b:1'], initial: undefined };

test.each([
  ['read', 'a:1', true],
  ['read', 'b:1', true],
  ['read', 'c:1', false],
  ['change', 'a:1', true],
  ['change', 'b:1', false],
  ['change', 'c:1', false],
] as const)('%s at %s: %p', (access, node, may) => {
  expect(mayAccess(config, access, node)).toBe(may);
  expect(accessPoint(config, access, node)).toBe(may ? node : 'a:1');
});
