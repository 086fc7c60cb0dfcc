import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyedCell } from '@synod/register';
import { RegisterServiceService as methods } from '../gen/synod/register/v1/register_service.js';
import { NodeConnection } from '../node/node-connection.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { until } from '../testing/until.js';
import { RegisterConnection } from './register-connection.js';
import type { RegisterReport } from './register-report.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S10'];
const registers = [{ key: '*', writer: 'any', replicas: ['S1', 'S2'] }];
const token = { id: '007', writer: 'S2', replicas: ['S1', 'S2'], initial: undefined };

let stand: RegisterStand;
let s1: StandNode;
let calls: RegisterConnection;
beforeEach(async () => {
  stand = opened(await RegisterStand.serve({ nodes, registers, tokens: { tokens: [token], nodes } }));
  s1 = stand.node('S1');
  calls = opened(new RegisterConnection(s1.address));
});

test('the layout names nodes, registers and tokens, as every node does', async () => {
  const { id, writer, replicas } = token;
  const layout = await calls.layout();
  expect(layout).toEqual({
    nodes: nodes.map((node) => ({ id: node, address: stand.node(node).address })),
    registers,
    tokens: [{ id, writer, replicas }],
  });
  expect(await opened(new RegisterConnection(stand.node('S10').address)).layout()).toEqual(layout);
});

test('a node says who it is, and what it serves', async () => {
  expect(await opened(new NodeConnection(s1.address)).describe()).toEqual({
    cluster: 'stand',
    server: 'S1',
    servers: nodes.map((id) => ({ id, address: stand.node(id).address })),
    services: ['synod.register.v1.RegisterService', 'synod.token.v1.TokenService'],
    disk: '',
    waits: false,
    since: 0,
  });
});

describe('cells', () => {
  async function fill(count: number): Promise<void> {
    const session = calls.session();
    const written = Array.from({ length: count }, (_, i) => {
      const write = { type: 'write', key: `cell/${i}`, value: Buffer.from(`value ${i}`) } as const;
      return new Promise((resolve) => session.submit(write, resolve));
    });
    await Promise.all(written);
    session.close();
  }

  test('of a node that holds none: none', async () => {
    expect(await collect(calls.cells())).toEqual([]);
  });

  test('all that the node itself holds, tombstones too, however many pages that takes', async () => {
    await fill(2_500);
    await calls.write('big', Buffer.alloc(1024 * 1024, 1));
    await calls.delete('deleted');
    const cells = await collect(calls.cells());
    const byKey = new Map(cells.map(({ key, cell }) => [key, cell]));
    expect(cells).toHaveLength(2_502);
    expect(byKey.size).toBe(2_502);
    for (let i = 0; i < 2_500; i++) expect(byKey.get(`cell/${i}`)!.value!.toString()).toBe(`value ${i}`);
    expect(byKey.get('big')!.value).toHaveLength(1024 * 1024);
    expect(byKey.get('deleted')).toEqual({
      counter: 1,
      writer: 'S1',
      incarnation: expect.stringMatching(/^[0-9a-f]{16}$/),
      value: undefined,
    });
    expect(s1.commands.filter(({ type }) => type === 'cells').length).toBeGreaterThan(2);
    expect(await collect(opened(new RegisterConnection(stand.node('S10').address)).cells())).toEqual([]);
  });

  test('no page is longer than 256 KiB, but for one that holds a single longer cell', async () => {
    await fill(5_000);
    const { path, requestSerialize } = methods.cells;
    const raw = opened(new RawCalls(s1.address));
    const responseDeserialize = (page: Buffer): number => page.length;
    const sizes = (await raw.pages({ path, requestSerialize, responseDeserialize }, {}).toArray()) as number[];
    expect(sizes.length).toBeGreaterThan(4);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  });

  test('a reader that leaves early stops the node', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => calls.write(`big/${i}`, Buffer.alloc(512 * 1024))));
    for await (const { key } of calls.cells()) {
      expect(key).toMatch(/^big/);
      break;
    }
    const asked = s1.commands.length;
    await calls.inspect('a');
    expect(s1.commands.length).toBeLessThan(asked + 3);
    expect(s1.commands.filter(({ type }) => type === 'cells').length).toBeLessThan(40);
  });
});

describe('status', () => {
  test('comes back whole', async () => {
    const report: RegisterReport = {
      node: 'S1',
      ready: false,
      recovering: true,
      cells: 2 ** 40,
      active: 3,
      peers: [
        { node: 'S2', linked: true, knowsThis: false },
        { node: 'S10', linked: false, knowsThis: true },
      ],
      silences: [
        { key: undefined, phase: undefined, active: true },
        { key: 'a', phase: 'read', active: false },
        { key: 'b', phase: 'write', active: true },
      ],
      performance: {
        operationsPerSecond: 1.5,
        p50Ms: 0.25,
        p99Ms: 2,
        writes: { count: 7, p50Ms: 0.5, p99Ms: 3 },
        loopDelayMs: 0.125,
      },
    };
    s1.report = () => Promise.resolve(report);
    expect(await calls.status()).toEqual(report);
    expect((await calls.watchStatus().next()).value).toEqual(report);
  });

  test('of a real node tells what it holds and whom it knows', async () => {
    await calls.write('a', Buffer.from('v'));
    expect(await calls.status()).toMatchObject({
      node: 'S1',
      recovering: false,
      cells: 1,
      active: 0,
      peers: [{ node: 'S2', linked: true, knowsThis: true }, { node: 'S10' }],
    });
  });

  test('is watched: the current report at once, then one after each change of state', async () => {
    const reports = calls.watchStatus();
    expect((await reports.next()).value).toMatchObject({ node: 'S1', cells: 0 });
    await calls.write('a', Buffer.from('v'));
    s1.change('state');
    expect((await reports.next()).value).toMatchObject({ cells: 1 });
    await reports.return(undefined);
    await until(() => s1.watchers === 0);
  });
});

async function collect(cells: AsyncIterable<KeyedCell>): Promise<KeyedCell[]> {
  const all: KeyedCell[] = [];
  for await (const cell of cells) all.push(cell);
  return all;
}
