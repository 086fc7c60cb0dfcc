import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadRegisterConfig, registerFingerprint, replicationIn, type RegisterConfig } from './index.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'synod-register-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function load(text: string, scheme?: string): Promise<RegisterConfig> {
  const file = join(directory, 'config.yaml');
  await writeFile(file, text);
  if (scheme !== undefined) await writeFile(join(directory, 'tokens.yaml'), scheme);
  return loadRegisterConfig(file);
}

async function refusal(text: string, scheme?: string): Promise<string> {
  const error: unknown = await load(text, scheme).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'SynodError', code: 'config' });
  const message = (error as Error).message.replaceAll(directory, '…');
  expect(message).not.toContain('\n');
  return message;
}

const servers = `
cluster: bank
servers: [{ id: S10, address: "h:10", admin: "h:80" }, { id: S2, address: "h:2" }, { id: S1, address: "h:1" }]
`;

describe('a cluster.yaml', () => {
  test('says who holds registers; the tokens of its scheme are held by the servers of those addresses', async () => {
    const registers = `
registers:
  - { key: "config/*", writer: S10, readers: [S2, S1, S2] }
  - { key: leader, writer: any, readers: [S2, S1] }
tokens: tokens.yaml
`;
    const scheme = '- { token: 007, writer: "h:10", readers: ["h:2", "h:10", "h:1"], name: abc, domain: [1, 5, 25] }';
    expect(await load(servers + registers, scheme)).toEqual({
      id: 'bank',
      servers: [
        { id: 'S1', address: 'h:1', admin: undefined },
        { id: 'S2', address: 'h:2', admin: undefined },
        { id: 'S10', address: 'h:10', admin: 'h:80' },
      ],
      registers: [
        { key: 'config/*', writer: 'S10', replicas: ['S1', 'S2', 'S10'] },
        { key: 'leader', writer: 'any', replicas: ['S1', 'S2'] },
      ],
      tokens: [
        {
          id: '007',
          writer: 'S10',
          replicas: ['S1', 'S2', 'S10'],
          initial: { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } },
        },
      ],
    });
  });

  test('may hold registers alone, or tokens alone', async () => {
    const registers = await load(`${servers}registers: [{ key: a, writer: S1, readers: [S1] }]`);
    expect(registers.tokens).toEqual([]);
    const tokens = await load(`${servers}tokens: tokens.yaml`, '[{ token: 1, writer: "h:1", readers: [] }]');
    expect(tokens.registers).toEqual([]);
    expect(tokens.tokens).toMatchObject([{ writer: 'S1', replicas: ['S1'] }]);
  });

  test.each([
    [
      'neither registers nor tokens',
      servers,
      '…/config.yaml: names neither registers nor tokens, for example tokens: tokens.yaml',
    ],
    ['a second document', `${servers}---\n${servers}`, '…/config.yaml: a second document begins: write one'],
    ['no servers', 'cluster: bank\ntokens: tokens.yaml', /^…\/config\.yaml: servers: is missing/],
    [
      'a register of a server that is none',
      `${servers}registers: [{ key: a, writer: S3, readers: [S1] }]`,
      /"S3" is not a server/,
    ],
    ['a scheme that is not there', `${servers}tokens: nowhere.yaml`, '…/nowhere.yaml: there is no such file'],
  ])('is refused in one line with %s', async (_, text, message) => {
    const said = await refusal(text);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test.each([
    ['- { token: 1, writer: "h:3", readers: [] }', 'h:3'],
    ['- { token: 1, writer: "h:1", readers: ["h:2", "h:4"] }', 'h:4'],
  ])('is refused with an access point that is no server: %s', async (scheme, stranger) => {
    expect(await refusal(`${servers}tokens: tokens.yaml`, scheme)).toBe(
      `…/tokens.yaml: token "1": ${stranger} is the address of no server: h:1, h:2, h:10`,
    );
  });

  test('is refused with what is wrong in its scheme', async () => {
    const said = await refusal(`${servers}tokens: tokens.yaml`, '- { token: 1, writer: "h:1" }');
    expect(said).toMatch(/^…\/tokens\.yaml: .*readers: is missing/);
  });
});

describe('a replication scheme by itself', () => {
  const config: RegisterConfig = {
    id: 'tokens',
    servers: ['h:1', 'h:2', 'h:10'].map((address) => ({ id: address, address, admin: undefined })),
    registers: [],
    tokens: [
      { id: '1', writer: 'h:10', replicas: ['h:1', 'h:10'], initial: undefined },
      { id: '2', writer: 'h:2', replicas: ['h:2'], initial: undefined },
    ],
  };

  test.each([
    ['a list', '[{ token: 1, writer: "h:10", readers: ["h:1"] }, { token: 2, writer: "h:2", readers: [] }]'],
    ['documents', 'token: 1\nwriter: h:10\nreaders: [h:1]\n---\ntoken: 2\nwriter: h:2\nreaders: []\n'],
  ])('has its access points for nodes: %s', async (_, text) => {
    expect(await load(text)).toEqual(config);
  });

  test.each([
    ['[]', /^…\/config\.yaml: holds no token/],
    ['text', /^…\/config\.yaml: is not a list of tokens/],
    ['- { token: 1, writer: here, readers: [] }', /^…\/config\.yaml: \[?0\]?\.writer: "here" is not host:port/],
  ])('is refused in one line: %s', async (text, message) => {
    expect(await refusal(text)).toMatch(message);
  });
});

describe('who holds and writes a register', () => {
  const registers = [
    { key: '*', writer: 'any', replicas: ['S1', 'S2'] },
    { key: 'leader', writer: 'S2', replicas: ['S2'] },
  ];
  const tokens = [{ id: 'a/b', writer: 'S1', replicas: ['S1'], initial: undefined }];
  const replicationOf = replicationIn({ id: 'x', servers: [], registers, tokens });

  test('a token stands before every pattern, a key before its pattern', () => {
    expect(replicationOf('token/a/b')).toMatchObject({ writer: 'S1' });
    expect(replicationOf('leader')).toMatchObject({ writer: 'S2' });
    expect(replicationOf('anything')).toMatchObject({ writer: 'any' });
  });

  test('no pattern holds what could only be a token: it may be configured later', () => {
    expect(replicationOf('token/404')).toBeUndefined();
    expect(replicationOf('token')).toMatchObject({ writer: 'any' });
  });
});

describe('the fingerprint', () => {
  const base: RegisterConfig = {
    id: 'bank',
    servers: ['S1', 'S2'].map((id) => ({ id, address: `${id}:1`, admin: undefined })),
    registers: [
      { key: 'a', writer: 'S1', replicas: ['S1', 'S2'] },
      { key: 'b', writer: 'any', replicas: ['S1', 'S2'] },
    ],
    tokens: [{ id: '1', writer: 'S1', replicas: ['S1', 'S2'], initial: undefined }],
  };
  const print = (config: RegisterConfig, maxRange = 10n): string => registerFingerprint(config, maxRange);
  const [a, b] = base.registers;
  const [token] = base.tokens;

  test.each<[string, RegisterConfig]>([
    ['other addresses', { ...base, servers: base.servers.map(({ id }) => ({ id, address: 'x:1', admin: 'y:1' })) }],
    ['another order', { ...base, registers: [b!, a!] }],
    [
      'initial values, which its writer alone writes',
      { ...base, tokens: [{ ...token!, initial: { name: '', domain: { low: 0n, mid: 0n, high: 1n } } }] },
    ],
  ])('is the same with %s', (_, config) => {
    expect(print(config)).toBe(print(base));
  });

  test.each<[string, string]>([
    ['another cluster', print({ ...base, id: 'other' })],
    ['another server', print({ ...base, servers: [...base.servers, { id: 'S3', address: 'z:1', admin: undefined }] })],
    ['another writer', print({ ...base, registers: [{ ...a!, writer: 'any' }, b!] })],
    ['another replica set', print({ ...base, tokens: [{ ...token!, replicas: ['S1'] }] })],
    ['a register less', print({ ...base, registers: [a!] })],
    [
      'a register that is a token instead',
      print({ ...base, registers: [a!], tokens: [token!, { ...b!, id: 'b', initial: undefined }] }),
    ],
    ['another range bound', print(base, 11n)],
  ])('differs with %s', (_, other) => {
    expect(other).not.toBe(print(base));
  });
});
