import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ForeignClient } from './testing/foreign-client.js';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.make();
  await workspace.startAll();
});
afterAll(() => workspace.close());

type Service = 'register.v1.RegisterService' | 'token.v1.TokenService' | 'node.v1.NodeService';

function client(service: Service, node: string): ForeignClient {
  return workspace.keep(new ForeignClient(`synod.${service}`, workspace.addressOf(node)));
}

const tokens = (node = 'S1'): ForeignClient => client('token.v1.TokenService', node);
const registers = (node = 'S1'): ForeignClient => client('register.v1.RegisterService', node);

const abc = { id: '101', name: 'abc', domain: { low: '1', mid: '5', high: '25' } };
const partial = { x: '4', hash: '2207634929195471568' };
const final = { x: '15', hash: '902613196918738813' };

describe('what makes no sense is refused, clearly, and nothing is stored', () => {
  const domain = (low: string, mid: string, high: string): object => ({ ...abc, domain: { low, mid, high } });
  const invalid = (message: unknown): object => ({ code: 'invalid_argument', message });

  test.each<[string, string, object, object]>([
    ['low > mid', 'write', domain('6', '5', '9'), invalid(expect.stringMatching(/^domain: .*low <= mid/))],
    ['mid = high', 'write', domain('1', '9', '9'), invalid(expect.stringMatching(/^domain: .*mid < high/))],
    ['no domain', 'write', { id: '101', name: 'abc' }, invalid('domain is missing')],
    [
      'a range beyond the bound',
      'write',
      domain('0', '0', '18446744073709551615'),
      invalid(expect.stringContaining('the range bound is 10000000')),
    ],
    ['no id', 'read', {}, invalid('id: is empty')],
    ['an id with NUL', 'write', { ...abc, id: '101\0' }, invalid('id: holds a control character')],
    ['an id of 1 MiB', 'write', { ...abc, id: '1'.repeat(2 ** 20) }, invalid('id: has 1048576 bytes: at most 256')],
    [
      'an id that leads upwards',
      'drop',
      { id: '../101' },
      { code: 'unknown_token', message: 'no token "../101" is configured' },
    ],
    [
      'an id that is a property of every object',
      'create',
      { id: '__proto__' },
      { code: 'unknown_token', message: 'no token "__proto__" is configured' },
    ],
  ])('%s', async (_, operation, request, refusal) => {
    const method = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
    const failed = tokens().call(method, request);
    await expect(failed).rejects.toMatchObject({ ...refusal, definite: 'true' });
    const { result } = await tokens().item({ [operation]: request });
    expect(result).toEqual({ failure: { ...refusal, definite: true } });
    expect(await workspace.keysAt('S1')).toEqual([]);
  });

  test.each<[string, string, object, object]>([
    ['no key', 'read', {}, invalid('key is empty')],
    ['a key of 1 MiB', 'delete', { key: 'k'.repeat(2 ** 20) }, invalid('key is longer than 512 characters')],
    [
      'a key with NUL',
      'write',
      { key: 'shared\0', value: Buffer.from('x') },
      { code: 'unknown_key', message: 'no register "shared\\u0000" is configured' },
    ],
    [
      'a value of more than 1 MiB',
      'write',
      { key: 'shared', value: Buffer.alloc(2 ** 20 + 1) },
      invalid('value has 1048577 bytes: at most 1048576'),
    ],
  ])('%s', async (_, operation, request, refusal) => {
    const method = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
    await expect(registers().call(method, request)).rejects.toMatchObject({ ...refusal, definite: 'true' });
    const { result } = await registers().item({ [operation]: request });
    expect(result).toEqual({ failure: { ...refusal, definite: true } });
    expect(await workspace.keysAt('S1')).toEqual([]);
  });

  test('an item of a session that asks for nothing', async () => {
    for (const service of [tokens(), registers()]) {
      const { result } = await service.item({});
      expect(result).toMatchObject({ failure: { code: 'invalid_argument', message: 'operation is missing' } });
    }
  });
});

test('the whole life of a token, with calls made of the published files alone', async () => {
  const written = await tokens().call('Write', abc);
  expect(written).toEqual({ partial, tag: { counter: '1', writer: 'S1' } });
  expect(await tokens('S3').call('Read', { id: '101' })).toEqual({ ...abc, partial, final, tag: written['tag'] });
  expect(await tokens('S3').call('List', {})).toEqual({ ids: ['101'] });
  await expect(tokens('S2').call('Write', abc)).rejects.toEqual({
    status: 7, // PERMISSION_DENIED
    code: 'unauthorised',
    message: 'token "101" is written, created and dropped at S1, not at S2',
    definite: 'true',
  });
  await expect(tokens().call('Create', { id: '101' })).rejects.toMatchObject({ code: 'exists' });
  expect(await tokens().call('Drop', { id: '101' })).toEqual({ tag: { counter: '2', writer: 'S1' } });
  await expect(tokens('S2').call('Read', { id: '101' })).rejects.toMatchObject({ code: 'dropped' });
  expect(await tokens().call('Create', { id: '101' })).toEqual({ tag: { counter: '3', writer: 'S1' } });
  await expect(tokens('S2').call('Read', { id: '101' })).rejects.toMatchObject({ code: 'never_written' });
});

test('a domain that begins where it is halved has no partial state', async () => {
  const domain = { low: '5', mid: '5', high: '14' };
  expect(await tokens('S2').call('Write', { id: '102', name: 'abc', domain })).not.toHaveProperty('partial');
  expect(await tokens().call('Read', { id: '102' })).toMatchObject({ final: { x: '12', hash: '1315358797943274660' } });
});

test('registers are written, read, deleted and looked at, with calls made of the published files alone', async () => {
  const value = Buffer.from('blue');
  const tag = { counter: '1', writer: 'S1' };
  expect(await registers().call('Write', { key: 'config/colour', value })).toEqual({ tag });
  expect(await registers('S2').call('Read', { key: 'config/colour' })).toMatchObject({ value, tag });
  expect(await registers('S2').call('Read', { key: 'config/never' })).toEqual({});
  expect(await registers().call('Inspect', { key: 'config/colour' })).toMatchObject({ cell: { value } });
  const [page] = (await registers().all('Cells', {})) as { cells: { key: string }[] }[];
  expect(page!.cells.map(({ key }) => key)).toContain('config/colour');
  expect(await registers().call('Delete', { key: 'config/colour' })).toEqual({ tag: { ...tag, counter: '2' } });
  expect(await registers('S3').call('Read', { key: 'config/colour' })).toEqual({ tag: { ...tag, counter: '2' } });
});

test('it finds its way: who the nodes are, who may do what, and how a node stands', async () => {
  const { nodes } = (await registers('S2').call('Layout', {})) as { nodes: object[] };
  expect(nodes).toEqual(workspace.cluster.servers.map(({ id, address }) => ({ id, address })));
  expect(await registers('S2').call('Status', {})).toMatchObject({ report: { node: 'S2', ready: true } });
  expect(await client('node.v1.NodeService', 'S2').call('Describe', {})).toMatchObject({ server: 'S2' });
});
