import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readCluster } from './index.js';
import { clusterJsonSchema } from './json-schema.js';

const published = JSON.parse(readFileSync('cluster.schema.json', 'utf8')) as object;

test('the published file is current (npm run build && npm run schema)', () => {
  expect(published).toEqual(clusterJsonSchema());
});

describe('the published schema agrees with the reader', () => {
  const schema = z.fromJSONSchema(published as Parameters<typeof z.fromJSONSchema>[0]);

  test.each([
    ['{ cluster: 7, servers: [{ id: S1, address: a:1 }] }', true],
    ['{ cluster: c, servers: [{ id: 007, address: a:1, admin: a:2 }], ledger: { initial: 5 }, tokens: t }', true],
    [
      '{ cluster: c, servers: [{ id: S1, address: a:1 }], ledger: { accounts: [{ id: a, home: S1, initial: 0 }] } }',
      true,
    ],
    [
      '{ cluster: c, servers: [{ id: S1, address: a:1 }], registers: [{ key: "k*", writer: any, readers: [S1] }] }',
      true,
    ],
    ['{ cluster: c, servers: [] }', false],
    ['{ cluster: c, servers: [{ id: S1, address: a }] }', false],
    ['{ cluster: c, servers: [{ id: S1, adress: a:1 }] }', false],
    ['{ cluster: c/d, servers: [{ id: S1, address: a:1 }] }', false],
    ['{ cluster: c, servers: [{ id: S1, address: a:1 }], more: 1 }', false],
    ['{ cluster: c, servers: [{ id: S1, address: a:1 }], ledger: { initial: 1.5 } }', false],
    ['{ cluster: c, servers: [{ id: S1, address: a:1 }], ledger: { initial: -1 } }', false],
  ])('%s', (text, accepted) => {
    expect(schema.safeParse(parse(text)).success).toBe(accepted);
    const read = expect(() => readCluster(text, { file: 'test' }));
    if (accepted) read.not.toThrow();
    else read.toThrow();
  });
});
