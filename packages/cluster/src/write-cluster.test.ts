import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { defaultCluster, readCluster, writeCluster } from './index.js';

const again = (text: string) => readCluster(text, { file: 'written' });

test('a default cluster is written for people', () => {
  const cluster = defaultCluster(2, { addresses: ['127.0.0.1:7001', '127.0.0.1:7002'] });
  expect(writeCluster(cluster)).toBe(`cluster: synod
servers:
  - id: S1
    address: 127.0.0.1:7001
  - id: S2
    address: 127.0.0.1:7002
ledger:
  initial: 100
  accounts:
    - id: S1
      home: S1
    - id: S2
      home: S2
`);
});

test('registers, tokens, admin addresses and balances are read back', () => {
  const cluster = again(
    `
cluster: 007
servers: [{ id: S2, address: a:2, admin: a:3 }, { id: 1e3, address: "[::1]:1" }]
ledger: { initial: 5, accounts: [{ id: b, home: S2, initial: 18446744073709551000 }, { id: ~, home: 1e3 }, { id: n, home: S2 }] }
registers: [{ key: "*", writer: any, readers: [S2] }]
tokens: "# tokens.yaml"
`.replace('id: ~', 'id: null'),
  );
  expect(again(writeCluster(cluster))).toEqual(cluster);
});

test('every cluster is read back equal, whatever its names look like', () => {
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.constantFrom(
        '007',
        '1e3',
        '0x1',
        'true',
        'null',
        '- a',
        'a: b',
        '# a',
        '"a"',
        "'a'",
        '<<',
        '*a',
        '&a',
        '{a',
        '%a',
        '2024-01-01',
      ),
    )
    .filter((id) => {
      try {
        return (
          again(`{ cluster: ${JSON.stringify(id)}, servers: [{ id: x, address: a:1 }] }`) && !/^(all|any)$/i.test(id)
        );
      } catch {
        return false;
      }
    });
  const clusters = fc.record({
    id: name,
    servers: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
    accounts: fc.uniqueArray(fc.record({ id: name, initial: fc.bigInt({ min: 0n, max: 2n ** 61n }) }), {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(clusters, ({ id, servers, accounts }) => {
      const cluster = again(
        JSON.stringify({
          cluster: id,
          servers: servers.map((server, i) => ({ id: server, address: `a:${i + 1}` })),
          ledger: {
            accounts: accounts.map((account, i) => ({
              id: account.id,
              home: servers[i % servers.length],
              initial: account.initial.toString(),
            })),
          },
        }),
      );
      expect(again(writeCluster(cluster))).toEqual(cluster);
    }),
    { seed: 6, numRuns: 200 },
  );
});
