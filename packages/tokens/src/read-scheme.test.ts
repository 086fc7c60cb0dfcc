import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadScheme, readScheme, type TokenScheme } from './index.js';

function fixture(name: string): string {
  return readFileSync(new URL(`./testing/schemes/${name}.yaml`, import.meta.url), 'utf8');
}

function read(text: string): TokenScheme {
  return readScheme(text, { file: 'tokens.yaml' });
}

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    expect(error).toMatchObject({ name: 'SynodError', code: 'config' });
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('the scheme was accepted');
}

const [n1, n2, n3, n4, n10] = ['01', '02', '03', '04', '10'].map((port) => `127.0.0.1:70${port}`);

describe('reads', () => {
  const plain: TokenScheme = {
    tokens: [
      { id: '101', writer: n1!, replicas: [n1!, n2!, n10!], initial: undefined },
      { id: '102', writer: n2!, replicas: [n2!, n3!], initial: undefined },
    ],
    nodes: [n1!, n2!, n3!, n10!],
  };

  test('several tokens with replica sets of their own, a writer that reads, nodes in natural order', () => {
    expect(read(fixture('plain'))).toEqual(plain);
  });

  test('CRLF, and a byte order mark', () => {
    expect(read(fixture('plain').replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(read(`\uFEFF${fixture('plain')}`)).toEqual(plain);
  });

  test('JSON, which is YAML', () => {
    const written = plain.tokens.map(({ id, writer, replicas }) => ({ token: Number(id), writer, readers: replicas }));
    expect(read(JSON.stringify(written))).toEqual(plain);
  });

  test('id and token_id for token, reader for readers, one reader without a list, none at all', () => {
    expect(read(fixture('spellings')).tokens).toEqual([
      { id: '101', writer: n1, replicas: [n1, n2], initial: undefined },
      { id: '102', writer: n1, replicas: [n1, n2, n3], initial: undefined },
      { id: '103', writer: '[::1]:7001', replicas: ['[::1]:7001'], initial: undefined },
    ]);
  });

  test('ids as they are written, whatever they look like', () => {
    expect(read(fixture('source-text')).tokens.map(({ id }) => id)).toEqual([
      '007',
      '12345678901234567890',
      '0x10',
      '1e3',
      'true',
      'null',
      '../a/b',
      '__proto__',
      '2024-01-01',
    ]);
  });

  test('access points that stand twice, once', () => {
    expect(read(fixture('duplicates'))).toMatchObject({ tokens: [{ replicas: [n1, n2] }], nodes: [n1, n2] });
  });

  test('several documents: lists, single tokens, and an empty one', () => {
    const { tokens, nodes } = read(fixture('documents'));
    expect(tokens.map(({ id, writer }) => [id, writer])).toEqual([
      ['101', n1],
      ['102', n3],
    ]);
    expect(nodes).toEqual([n1, n2, n3, n4]);
  });

  test('initial names and domains, up to 2^64-1', () => {
    expect(read(fixture('initial')).tokens.map(({ initial }) => initial)).toEqual([
      { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } },
      { name: '', domain: { low: 0n, mid: 0n, high: 2n ** 64n - 1n } },
    ]);
  });
});

describe('refuses', () => {
  const token = (more: string) => `- {token: 1, writer: "a:1", readers: ["b:1"], ${more}}`;

  test.each<[name: string, text: string, message: string]>([
    [
      'nothing',
      '',
      'holds no token, for example - {token: 101, writer: "127.0.0.1:7001", readers: ["127.0.0.1:7002"]}',
    ],
    [
      'an empty list',
      '[]',
      'holds no token, for example - {token: 101, writer: "127.0.0.1:7001", readers: ["127.0.0.1:7002"]}',
    ],
    [
      'a word',
      'tokens',
      'is not a list of tokens, for example - {token: 101, writer: "127.0.0.1:7001", readers: ["127.0.0.1:7002"]}',
    ],
    ['a list of words', '- 101', '[0]: is not a mapping: known keys are token, writer, readers, name, domain'],
    [
      'an unknown key',
      token('Reader: x'),
      '[0]: unknown key "Reader": known keys are token, writer, readers, name, domain',
    ],
    ['two spellings at once', token('id: 2'), '[0].id: says again what token says: write one of them'],
    ['a token without id', '- {writer: "a:1", readers: ["b:1"]}', '[0].token: is missing, for example 101'],
    ['an empty id', '- {id: "", writer: "a:1", readers: ["b:1"]}', '[0].id: is empty'],
    ['an id with NUL', '- {id: "a\\0", writer: "a:1", readers: ["b:1"]}', '[0].id: holds a control character'],
    [
      'an id of 1 MiB',
      `- {id: ${'x'.repeat(2 ** 20)}, writer: "a:1", readers: []}`,
      '[0].id: has 1048576 bytes: at most 256',
    ],
    [
      'an id that is a list',
      '- {token: [1], writer: "a:1", readers: ["b:1"]}',
      '[0].token: is not text, for example 101',
    ],
    [
      'an id that stands twice',
      `${token('name: a, domain: [1, 2, 3]')}\n${token('')}`,
      '[1]: token "1" stands twice: each id is unique',
    ],
    ['a token without writer', '- {token: 1, readers: ["b:1"]}', '[0].writer: is missing, for example 127.0.0.1:7001'],
    [
      'two writers',
      '- {token: 1, writer: ["a:1", "b:1"], readers: []}',
      '[0].writer: is not host:port, for example 127.0.0.1:7001',
    ],
    [
      'a writer without port',
      '- {token: 1, writer: a, readers: []}',
      '[0].writer: "a" is not host:port, for example 127.0.0.1:7001',
    ],
    [
      'port 0',
      '- {token: 1, writer: "a:0", readers: []}',
      '[0].writer: "a:0" is not host:port, for example 127.0.0.1:7001',
    ],
    [
      'port 65536',
      '- {token: 1, writer: "a:65536", readers: []}',
      '[0].writer: "a:65536" is not host:port, for example 127.0.0.1:7001',
    ],
    [
      'a token without readers',
      '- {token: 1, writer: "a:1"}',
      '[0].readers: is missing, for example ["127.0.0.1:7002", "127.0.0.1:7003"]',
    ],
    [
      'readers without value',
      '- {token: 1, writer: "a:1", readers: }',
      '[0].readers: is missing, for example ["127.0.0.1:7002", "127.0.0.1:7003"]',
    ],
    [
      'readers that are a mapping',
      '- {token: 1, writer: "a:1", readers: {b: 1}}',
      '[0].readers: is not a list, for example ["127.0.0.1:7002", "127.0.0.1:7003"]',
    ],
    [
      'a reader without port',
      '- {token: 1, writer: "a:1", reader: ["b:1", b]}',
      '[0].reader[1]: "b" is not host:port, for example 127.0.0.1:7001',
    ],
    ['a name without domain', token('name: a'), '[0].domain: is missing, for example [1, 5, 25]'],
    ['a domain without name', token('domain: [1, 5, 25]'), '[0].name: is missing, for example abc'],
    [
      'a domain of two',
      token('name: a, domain: [1, 5]'),
      '[0].domain: is not [low, mid, high], for example [1, 5, 25]',
    ],
    [
      'a domain of four',
      token('name: a, domain: [1, 5, 6, 7]'),
      '[0].domain: is not [low, mid, high], for example [1, 5, 25]',
    ],
    ['low above mid', token('name: a, domain: [6, 5, 25]'), '[0].domain: low > mid (6 > 5): low <= mid < high'],
    ['mid not below high', token('name: a, domain: [1, 5, 5]'), '[0].domain: mid >= high (5 >= 5): low <= mid < high'],
    [
      'a negative number',
      token('name: a, domain: [-1, 5, 6]'),
      '[0].domain: low: "-1" is not a whole number from 0 to 18446744073709551615',
    ],
    [
      '2^64',
      token('name: a, domain: [1, 5, 18446744073709551616]'),
      '[0].domain: high: "18446744073709551616" is not a whole number from 0 to 18446744073709551615',
    ],
    [
      'a mistake in a later document',
      `${token('')}\n---\n- 5`,
      'document 2[0]: is not a mapping: known keys are token, writer, readers, name, domain',
    ],
    ['a key that stands twice', '- token: 1\n  token: 2', 'line 2, column 3: Map keys must be unique'],
    [
      'an open bracket',
      '- token: [',
      'line 1, column 11: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`tokens.yaml: ${message}`);
  });
});

test('loads from disk, and names the file it can not read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'synod-tokens-'));
  try {
    const path = join(folder, 'tokens.yaml');
    await expect(loadScheme(path)).rejects.toThrow(`${path}: there is no such file`);
    await writeFile(path, fixture('plain'));
    expect(await loadScheme(path)).toEqual(read(fixture('plain')));
  } finally {
    await rm(folder, { recursive: true });
  }
});
