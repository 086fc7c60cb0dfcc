import { describe, expect, jest, test } from '@jest/globals';
import {
  after,
  block,
  cluster,
  event,
  failover,
  five,
  freshBank,
  hashOf,
  logged,
  noonMs,
  played,
  playing,
  report,
  transfer,
} from '../testing/bank.js';
import { large, small, viewFrame } from '../testing/frame.js';
import { performanceOf } from '../testing/performance.js';
import { nodeReport, tokenCluster } from '../testing/tokens.js';
import { emptyModel, type Model } from '../model/model.js';
import { Sequence } from '../model/sequence.js';
import { rows as commands } from '../testing/commands.js';
import { freshView, type ViewId } from './view.js';
import { views } from './views.js';

const nine = Array.from({ length: 9 }, (_, i) => `S${i + 1}`);
const unreachable = (reach: 'down' | 'silent', reason: string) =>
  five.reduce((model, server) => after(model, { type: 'reach', server, reach, reason }), played());

const models: Readonly<Record<string, Model>> = {
  'before anything is known': emptyModel,
  'a fresh bank': freshBank(),
  'a round that runs': playing(),
  'a set that is done': played(),
  'the leader killed': failover(),
  'nine servers': after(freshBank(nine), ...nine.map((server) => report(server, {}, nine))),
  'all down': unreachable('down', 'connection refused'),
  'one silent, one cut off, one behind': after(
    played(),
    { type: 'reach', server: 'S2', reach: 'silent', reason: 'nothing comes back' },
    report('S3', { status: { connected: [] } }),
    report('S4', { status: { catchingUp: true } }),
  ),
  'registers alone': tokenCluster(),
  'a ledger and registers': after(played(), ...five.map((server) => nodeReport(server))),
};

describe.each(Object.keys(models))('Cluster: %s', (name) => {
  test.each([
    ['80×24', small],
    ['200×60', large],
  ])('at %s', (_size, size) => {
    expect(viewFrame('cluster', models[name]!, {}, { ...size, rows: size.rows - 4 })).toMatchSnapshot();
  });
});

const body = { ...small, rows: small.rows - 4 };
const show = (id: ViewId, model: Model, state: Parameters<typeof viewFrame>[2] = {}) =>
  viewFrame(id, model, state, body);

describe('Ledger', () => {
  test('marks what differs from the longest chain', () => {
    const behind = {
      server: 'S3',
      height: 0,
      balances: played().servers[2]!.balances!.balances.map((one) => ({ ...one, committed: 100n, spendable: 100n })),
    };
    expect(show('ledger', after(played(), { type: 'balances', balances: behind }))).toMatchSnapshot();
  });
  test('shows only the accounts that contain the filter', () => {
    expect(show('ledger', played(), { filter: 's2' })).toMatchSnapshot();
    expect(show('ledger', played(), { filter: 'nobody' })).toContain('No account contains that');
  });
  test('without balances', () => expect(show('ledger', freshBank())).toContain('being asked'));
  test('scrolls servers that have no room', () => {
    const accounts = nine.map((account) => ({
      account,
      home: account,
      committed: 10n ** 12n,
      spendable: 10n ** 12n,
      pending: 0,
    }));
    const model = nine.reduce(
      (before, server) => after(before, { type: 'balances', balances: { server, height: 1, balances: accounts } }),
      freshBank(nine),
    );
    expect(show('ledger', model)).toMatchSnapshot();
    expect(show('ledger', model, { left: 6 })).toMatchSnapshot();
  });
});

describe('Blocks', () => {
  test('the chain, and who lacks a block', () => expect(show('blocks', failover())).toMatchSnapshot());
  test('an opened block shows who contributed what', () =>
    expect(show('blocks', failover(), { cursor: 1, isOpen: true })).toMatchSnapshot());
  test('before the first', () => expect(show('blocks', freshBank())).toContain('No block yet'));
  test('a fork is shown above all', () => {
    const forked = after(played(), report('S4', { status: { height: 1, hash: hashOf(66) } }));
    expect(show('blocks', forked)).toContain('✗ FORK at block 1: S4 has');
  });
  test('a block that was never fetched is asked for, and shown as missing', () => {
    const model = after(freshBank(), report('S1', { status: { height: 10_000 } }));
    expect(show('blocks', model)).toMatchSnapshot();
    expect(views.blocks.want(model, freshView, body)).toEqual({ type: 'blocks', from: 9_984, to: 10_000 });
    expect(views.blocks.want(model, { ...freshView, cursor: 5, isOpen: true }, body)).toEqual({
      type: 'blocks',
      from: 5,
      to: 5,
    });
    expect(show('blocks', model, { isOpen: true })).toContain('being fetched');
  });
  test('what is there is not asked for', () => {
    expect(views.blocks.want(played(), freshView, body)).toBeUndefined();
    expect(views.blocks.want(played(), { ...freshView, isOpen: true }, body)).toBeUndefined();
  });
});

describe('Log', () => {
  test('local logs and what is pending', () => expect(show('log', failover())).toMatchSnapshot());
  test('of one server', () => expect(show('log', failover(), { server: 'S2' })).not.toContain('1-5'));
  test('filtered', () => expect(show('log', failover(), { filter: '2-2' })).toMatchSnapshot());
  test('empty', () => {
    const log = { server: 'S1', height: 1, entries: [], pending: [] };
    expect(show('log', after(freshBank(), { type: 'log', log }))).toContain('every transfer is in a block');
  });
});

describe('Registers', () => {
  test('who agrees, who is behind, who is silent', () => expect(show('registers', tokenCluster())).toMatchSnapshot());
  test.each([1, 2, 3])('the replicas of row %i', (cursor) =>
    expect(show('registers', tokenCluster(), { cursor })).toMatchSnapshot(),
  );
  test('none here', () => expect(show('registers', played())).toContain('serves no registers'));
});

describe('Performance', () => {
  const model = after(played(), { type: 'performance', report: performanceOf('S1') });
  test('methods, requests and how long the last ones took', () => expect(show('performance', model)).toMatchSnapshot());
  test('at 200×60', () => expect(viewFrame('performance', model, {}, large)).toMatchSnapshot());
  test('of a server that has not answered yet', () =>
    expect(show('performance', model, { server: 'S2' })).toContain('being asked'));
  test('of one that is down', () => expect(show('performance', failover())).toContain('not kept on disk'));
});

describe('Events', () => {
  const model = after(
    failover(),
    event(9, 'S2', 9_000, 'store-failed', 'disk full: stopping', 'error'),
    event(10, 'S3', 9_001, 'link-down', 'link to S2 is down', 'warn'),
  );
  test('of all servers, by time', () => expect(show('events', model)).toMatchSnapshot());
  test('wide', () => expect(viewFrame('events', model, {}, { columns: 120, rows: 6 })).toMatchSnapshot());
  test('of a level and above', () => {
    const lines = show('events', model, { level: 'warn' }).trim().split('\n');
    expect(lines.slice(1).map((text) => text.slice(13))).toEqual([
      'S2   !  warn  link to S1 is down',
      'S2   !! error disk full: stopping',
      'S3   !  warn  link to S2 is down',
    ]);
  });
  test('of one server, filtered', () =>
    expect(show('events', model, { server: 'S1', filter: 'ROUND' })).toMatchSnapshot());
  test('none like that', () => expect(show('events', model, { filter: 'zebra' })).toContain('Nothing like that'));
});

describe('moving', () => {
  const move = (id: ViewId, model: Model, cursor: number | undefined, motion: number | 'first' | 'last') =>
    views[id].move(model, { ...freshView, cursor }, motion, body).cursor;
  const many = Array.from({ length: 100 }, (_, i) => event(i + 1, 'S1', i, 'k', `event ${i}`));
  const busy = after(freshBank(), ...many, report('S1', { status: { height: 50 } }));

  test('among servers stays within them', () => {
    expect([move('cluster', busy, 0, -1), move('cluster', busy, 4, 1), move('cluster', busy, 1, 'last')]).toEqual([
      0, 4, 4,
    ]);
  });

  test('among blocks is by height; at the newest new ones are followed', () => {
    expect(move('blocks', busy, undefined, -1)).toBe(49);
    expect(move('blocks', busy, 49, 1)).toBeUndefined();
    expect(move('blocks', busy, undefined, 'first')).toBe(1);
  });

  test('back in events stands still while new ones come, and keeps the screen full', () => {
    const cursor = move('events', busy, undefined, -10)!;
    const before = viewFrame('events', busy, { cursor }, body).split('\n').slice(1);
    expect(before.at(-1)).toContain('event 89');
    const later = after(busy, event(101, 'S2', 500, 'k', 'later'));
    expect(viewFrame('events', later, { cursor }, body).split('\n').slice(1)).toEqual(before);
    expect(move('events', busy, undefined, 'first')).toBe(body.rows - 2);
    expect(move('events', busy, move('events', busy, undefined, 'first'), -5)).toBe(body.rows - 2);
    expect(move('events', busy, cursor, 10)).toBeUndefined();
  });

  test('where nothing is leads nowhere', () => {
    for (const id of Object.keys(views) as ViewId[]) {
      for (const motion of [-1, 1, 'first', 'last'] as const)
        expect(() => views[id].move(emptyModel, freshView, motion, body)).not.toThrow();
    }
  });
});

describe('nine servers and 10,000 blocks', () => {
  const blocks = Array.from({ length: 10_000 }, (_, i) =>
    block(i + 1, i + 1, 'S1', [logged('S1', i + 1, transfer(`t${i}`, 'S1', 'S2', 1n))]),
  );
  const messages = Array.from({ length: 100 }, (_, i) => ({
    timeUs: (noonMs + i) * 1000,
    sent: true,
    from: 'S1',
    to: 'S2',
    type: 'prepare',
    subject: `r${i}`,
  }));
  const model = after(
    after(
      emptyModel,
      cluster(nine),
      { type: 'blocks', server: 'S1', blocks },
      { type: 'messages', messages, missed: 0 },
    ),
    ...nine.map((server) => report(server, { status: { height: 10_000, hash: hashOf(10_000) } }, nine)),
    ...Array.from({ length: 2_000 }, (_, i) => event(i + 1, 'S1', i, 'k', `event ${i}`)),
  );

  test.each(Object.keys(views) as ViewId[])('a frame of %s looks at little more than it shows', (id) => {
    views[id].draw({ model, commands }, freshView, body);
    const looked = jest.spyOn(Sequence.prototype, 'at');
    views[id].draw({ model, commands }, freshView, body);
    const { length } = looked.mock.calls;
    looked.mockRestore();
    expect(length).toBeLessThan(300);
  });

  test('the newest are on the screen', () => {
    expect(viewFrame('blocks', model, {}, body)).toContain('10000  10000.S1');
    expect(viewFrame('blocks', model, { cursor: 5_000 }, body)).toMatchSnapshot();
  });
});
