import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { loadCluster, readCluster, type Cluster } from './index.js';

const three = `
cluster: bank
servers:
  - { id: S1, address: 127.0.0.1:7001, admin: 127.0.0.1:8001 }
  - { id: S2, address: "127.0.0.1:7002" }
  - { id: S3, address: 127.0.0.1:7003 }
`;

function read(text: string): Cluster {
  return readCluster(text, { file: 'cluster.yaml' });
}

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(SynodError);
    expect((error as SynodError).code).toBe('config');
    return (error as SynodError).message;
  }
  throw new Error('the configuration was accepted');
}

describe('reads', () => {
  test('servers alone: each is the home of one account of its name, with 100', () => {
    expect(read(three)).toEqual({
      id: 'bank',
      servers: [
        { id: 'S1', address: '127.0.0.1:7001', admin: '127.0.0.1:8001' },
        { id: 'S2', address: '127.0.0.1:7002', admin: undefined },
        { id: 'S3', address: '127.0.0.1:7003', admin: undefined },
      ],
      ledger: {
        initial: 100n,
        accounts: [
          { id: 'S1', home: 'S1', initial: 100n },
          { id: 'S2', home: 'S2', initial: 100n },
          { id: 'S3', home: 'S3', initial: 100n },
        ],
        genesis: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      registers: [],
      tokens: undefined,
    });
  });

  test('several accounts on a home, their balances and the default for those without', () => {
    const { accounts } = read(`${three}
ledger:
  initial: 50
  accounts:
    - { id: bob, home: S2 }
    - { id: alice, home: S2, initial: 0 }
`).ledger;
    expect(accounts).toEqual([
      { id: 'alice', home: 'S2', initial: 0n },
      { id: 'bob', home: 'S2', initial: 50n },
    ]);
  });

  test('servers and accounts in natural order', () => {
    const { servers, ledger } = read(`
cluster: c
servers: [{ id: S10, address: a:10 }, { id: S2, address: a:2 }, { id: S1, address: a:1 }]
`);
    expect(servers.map(({ id }) => id)).toEqual(['S1', 'S2', 'S10']);
    expect(ledger.accounts.map(({ id }) => id)).toEqual(['S1', 'S2', 'S10']);
  });

  test('names as they are written, though they look like numbers or nothing', () => {
    const { id, servers } = read(`
cluster: 12345678901234567890
servers: [{ id: 007, address: a:1 }, { id: 1.0, address: a:2 }, { id: true, address: a:3 }, { id: null, address: a:4 }]
`);
    expect(id).toBe('12345678901234567890');
    expect(servers.map(({ id }) => id)).toEqual(['1.0', '007', 'null', 'true']);
  });

  test('balances up to 2^64-1, exactly', () => {
    const { ledger } = read(`
cluster: c
servers: [{ id: S1, address: a:1 }]
ledger: { initial: 18446744073709551615 }
`);
    expect(ledger.accounts).toEqual([{ id: 'S1', home: 'S1', initial: 18446744073709551615n }]);
  });

  test('registers and the path of a token scheme', () => {
    const { registers, tokens } = read(`${three}
registers:
  - { key: "config/*", writer: S1, readers: [S3, S2, S3] }
  - { key: leader, writer: any, readers: [S1, S2, S3] }
tokens: ./tokens.yaml
`);
    expect(registers).toEqual([
      { key: 'config/*', writer: 'S1', readers: ['S2', 'S3'] },
      { key: 'leader', writer: 'any', readers: ['S1', 'S2', 'S3'] },
    ]);
    expect(tokens).toBe('./tokens.yaml');
  });

  test.each([['localhost:1'], ['my-host.example:65535'], ['10.0.0.1:7001'], ['"[::1]:7001"'], ['"[fe80::1:2]:7001"']])(
    'the address %s',
    (address) => {
      expect(read(`{ cluster: c, servers: [{ id: S1, address: ${address} }] }`).servers[0]?.address).toBe(
        address.replaceAll('"', ''),
      );
    },
  );

  test('access points as names, and names of any script', () => {
    const { servers } = read(
      '{ cluster: c, servers: [{ id: "[::1]:80", address: a:1 }, { id: Zürich ①, address: a:2 }] }',
    );
    expect(servers.map(({ id }) => id)).toEqual(['Zürich ①', '[::1]:80']);
  });

  test('a byte order mark, CRLF, comments and aliases', () => {
    const text = '\uFEFF# ours\r\ncluster: &name c\r\nservers:\r\n  - id: *name\r\n    address: a:1 # here\r\n';
    expect(read(text).servers).toEqual([{ id: 'c', address: 'a:1', admin: undefined }]);
  });

  test('99 servers', () => {
    const servers = Array.from({ length: 99 }, (_, i) => `{ id: S${i + 1}, address: a:${i + 1} }`);
    expect(read(`{ cluster: c, servers: [${servers.join()}] }`).servers).toHaveLength(99);
  });
});

describe('refuses', () => {
  const address = (written: string) => `{ cluster: c, servers: [{ id: S1, address: ${written} }] }`;
  const id = (written: string) => `{ cluster: c, servers: [{ id: ${written}, address: a:1 }] }`;
  const one = (more: string) => `{ cluster: c, servers: [{ id: S1, address: a:1 }], ${more} }`;
  const aName = 'a name (1 to 64 characters, at least one letter or digit, no slash, control character or outer space)';
  const aBalance = 'a whole number from 0 to 18446744073709551615';

  test.each([
    ['no text', '', 'is not a mapping: known keys are cluster, servers, ledger, registers, tokens'],
    ['a list', '- a', 'is not a mapping: known keys are cluster, servers, ledger, registers, tokens'],
    ['no cluster id', 'servers: [{ id: S1, address: a:1 }]', 'cluster: is missing, for example bank'],
    ['a mapping for a name', '{ cluster: {}, servers: [] }', `cluster: is not ${aName}, for example bank`],
    ['no servers', 'cluster: c', 'servers: is missing, for example [{id: S1, address: 127.0.0.1:7001}]'],
    [
      'servers without value',
      'cluster: c\nservers:',
      'servers: is not a list, for example [{id: S1, address: 127.0.0.1:7001}]',
    ],
    [
      'an empty list of servers',
      '{ cluster: c, servers: [] }',
      'servers: is empty, for example [{id: S1, address: 127.0.0.1:7001}]',
    ],
    [
      'a server that is text',
      '{ cluster: c, servers: [S1] }',
      'servers[0]: is not a mapping: known keys are id, address, admin',
    ],
    ['a server without id', '{ cluster: c, servers: [{ address: a:1 }] }', 'servers[0].id: is missing, for example S1'],
    [
      'a server without address',
      '{ cluster: c, servers: [{ id: S1 }] }',
      'servers[0].address: is missing, for example 127.0.0.1:7001',
    ],
    [
      'a misspelt key',
      '{ cluster: c, servers: [{ id: S1, adress: a:1 }] }',
      'servers[0]: unknown key "adress": known keys are id, address, admin',
    ],
    [
      'an unknown key at the top',
      one('legder: { initial: 5 }'),
      'unknown key "legder": known keys are cluster, servers, ledger, registers, tokens',
    ],
    [
      'an unknown key in the ledger',
      one('ledger: { accuonts: [] }'),
      'ledger: unknown key "accuonts": known keys are initial, accounts',
    ],
    [
      'a key of every object',
      one('__proto__: { a: b }'),
      'unknown key "__proto__": known keys are cluster, servers, ledger, registers, tokens',
    ],
    ...[
      '"127.0.0.1"',
      '"7001"',
      '"a:0"',
      '"a:65536"',
      '"a:"',
      '":1"',
      '"a:1:2"',
      '"::1:7001"',
      '"http://a:1"',
      '"a b:1"',
      '"a:01"',
      '""',
    ].map((written) => [
      `the address ${written}`,
      address(written),
      `servers[0].address: ${written} is not host:port, for example 127.0.0.1:7001`,
    ]),
    [
      'an admin address without port',
      '{ cluster: c, servers: [{ id: S1, address: a:1, admin: a }] }',
      'servers[0].admin: "a" is not host:port, for example 127.0.0.1:8001',
    ],
    ...['""', '"a/b"', '"a\\\\b"', '"a\\tb"', '"a\\nb"', '" a"', '"a "', '".."', `"${'x'.repeat(65)}"`].map(
      (written) => [`the id ${written}`, id(written), `servers[0].id: ${written} is not ${aName}, for example S1`],
    ),
    ['a lone surrogate in an id', id('"a\\ud800"'), `servers[0].id: "a\\ud800" is not ${aName}, for example S1`],
    ['the id all', id('All'), 'servers[0].id: "All" has a meaning of its own in commands: choose another name'],
    ['the id any', id('any'), 'servers[0].id: "any" has a meaning of its own in commands: choose another name'],
    [
      'two servers of one id',
      '{ cluster: c, servers: [{ id: S1, address: a:1 }, { id: S1, address: a:2 }] }',
      'servers[1].id: "S1" stands twice: each id is unique',
    ],
    [
      'two servers of one address',
      '{ cluster: c, servers: [{ id: S1, address: host:1 }, { id: S2, address: HOST:1 }] }',
      'servers[1].address: "HOST:1" is the address of S1 already: each one needs its own',
    ],
    [
      'an admin address that is an address',
      '{ cluster: c, servers: [{ id: S1, address: a:1, admin: a:2 }, { id: S2, address: a:2 }] }',
      'servers[1].address: "a:2" is the admin of S1 already: each one needs its own',
    ],
    [
      'more than 99 servers',
      `{ cluster: c, servers: [${Array.from({ length: 100 }, (_, i) => `{ id: S${i}, address: a:${i + 1} }`).join()}] }`,
      'servers: names 100 servers: a cluster has at most 99',
    ],
    [
      'a ledger without value',
      'cluster: c\nservers: [{ id: S1, address: a:1 }]\nledger:',
      'ledger: is not a mapping: known keys are initial, accounts',
    ],
    ...['-1', '1.5', '1e3', '0x64', '010', '+5', 'ten', '""', '1_000', '99999999999999999999999'].map((written) => [
      `the balance ${written}`,
      one(`ledger: { initial: ${written} }`),
      `ledger.initial: ${written === '""' ? written : `"${written}"`} is not ${aBalance}, for example 100`,
    ]),
    [
      'a balance above 2^64-1',
      one('ledger: { initial: 18446744073709551616 }'),
      `ledger.initial: "18446744073709551616" is not ${aBalance}`,
    ],
    ['a list for a balance', one('ledger: { initial: [1] }'), `ledger.initial: is not ${aBalance}, for example 100`],
    [
      'balances that add up to more than 2^64-1',
      '{ cluster: c, servers: [{ id: S1, address: a:1 }, { id: S2, address: a:2 }], ledger: { initial: 9223372036854775808 } }',
      'ledger: the initial balances add up to 18446744073709551616: together they are at most 18446744073709551615',
    ],
    [
      'an empty list of accounts',
      one('ledger: { accounts: [] }'),
      'ledger.accounts: is empty, for example [{id: alice, home: S1}]',
    ],
    [
      'accounts as a mapping',
      one('ledger: { accounts: { alice: S1 } }'),
      'ledger.accounts: is not a list, for example [{id: alice, home: S1}]',
    ],
    [
      'an account without home',
      one('ledger: { accounts: [{ id: a }] }'),
      'ledger.accounts[0].home: is missing, for example S1',
    ],
    [
      'a home that is no server',
      one('ledger: { accounts: [{ id: a, home: s1 }] }'),
      'ledger.accounts[0].home: "s1" is not a server: write S1',
    ],
    [
      'two accounts of one id',
      one('ledger: { accounts: [{ id: a, home: S1 }, { id: a, home: S1 }] }'),
      'ledger.accounts[1].id: "a" stands twice: each id is unique',
    ],
    [
      'the account all',
      one('ledger: { accounts: [{ id: all, home: S1 }] }'),
      'ledger.accounts[0].id: "all" has a meaning of its own in commands: choose another name',
    ],
    [
      'an account with a bad balance',
      one('ledger: { accounts: [{ id: a, home: S1, initial: -1 }] }'),
      `ledger.accounts[0].initial: "-1" is not ${aBalance}, for example 100`,
    ],
    [
      'registers without value',
      one('registers: '),
      'registers: is not a list, for example [{key: "config/*", writer: S1, readers: [S1, S2, S3]}]',
    ],
    [
      'a register without key',
      one('registers: [{ writer: S1, readers: [S1] }]'),
      'registers[0].key: is missing, for example config/*',
    ],
    [
      'a * inside a key',
      one('registers: [{ key: "a*b", writer: S1, readers: [S1] }]'),
      'registers[0].key: "a*b" is not a key, or the beginning of keys and *, for example config/*',
    ],
    [
      'a key that stands twice',
      one('registers: [{ key: k, writer: S1, readers: [S1] }, { key: k, writer: any, readers: [S1] }]'),
      'registers[1].key: "k" stands twice: each key is configured once',
    ],
    [
      'a writer that is no server',
      one('registers: [{ key: k, writer: S2, readers: [S1] }]'),
      'registers[0].writer: "S2" is not a server: write S1 or any',
    ],
    [
      'a reader that is no server',
      one('registers: [{ key: k, writer: any, readers: [S1, any] }]'),
      'registers[0].readers[1]: "any" is not a server: write S1',
    ],
    [
      'a register without readers',
      one('registers: [{ key: k, writer: S1, readers: [] }]'),
      'registers[0].readers: is empty, for example [S1, S2, S3]',
    ],
    ['a list for a path', one('tokens: [a]'), 'tokens: is not a path, for example tokens.yaml'],
    ['an empty path', one('tokens: '), 'tokens: "" is not a path, for example tokens.yaml'],
    ['a key that stands twice', 'cluster: a\ncluster: b', 'line 2, column 1: Map keys must be unique'],
    [
      'an open bracket',
      'cluster: c\nservers: [',
      'line 2, column 11: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a tab as indentation',
      'cluster: c\nservers:\n\t- id: S1',
      'line 3, column 1: Tabs are not allowed as indentation',
    ],
    ['a second document', 'cluster: a\n---\ncluster: b', 'line 2, column 1: a second document begins: write one'],
    ['a tag', 'cluster: !secret x', 'line 1, column 10: Unresolved tag: !secret'],
    ['a key that is a list', '? [a]\n: b', 'line 1, column 3: With stringKeys, all keys must be strings'],
    ['an alias of nothing', 'cluster: *x', 'Unresolved alias (the anchor must be set before the alias): x'],
  ])('%s', (_, text, expected) => {
    expect(refusal(text)).toBe(`cluster.yaml: ${expected}`);
  });

  test('aliases that would unfold into gigabytes', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`);
    expect(refusal(`a0: &a0 x\n${levels.join('\n')}`)).toBe(
      'cluster.yaml: Excessive alias count indicates a resource exhaustion attack',
    );
  });

  test('a long value without filling the screen', () => {
    expect(refusal(id('x'.repeat(1000)))).toBe(
      `cluster.yaml: servers[0].id: "${'x'.repeat(80)}…" is not ${aName}, for example S1`,
    );
  });
});

describe('loads', () => {
  async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'synod-cluster-'));
    try {
      await check(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test('what is on disk', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'cluster.yaml');
      await writeFile(path, three);
      expect(await loadCluster(path)).toEqual(read(three));
    }));

  test('and names the file it can not read', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'cluster.yaml');
      const failure = (what: string) => expect.objectContaining({ code: 'config', message: `${path}: ${what}` });
      await expect(loadCluster(path)).rejects.toEqual(failure('there is no such file'));
      await writeFile(path, Buffer.from([0x61, 0x3a, 0x20, 0xff]));
      await expect(loadCluster(path)).rejects.toEqual(failure('is not UTF-8 text'));
      await writeFile(path, 'cluster: c');
      await expect(loadCluster(path)).rejects.toEqual(
        failure('servers: is missing, for example [{id: S1, address: 127.0.0.1:7001}]'),
      );
      await expect(loadCluster(folder)).rejects.toEqual(
        expect.objectContaining({ message: `${folder}: can not be read (EISDIR)` }),
      );
    }));
});
