import type { NodeId, ServerEvent, TracedMessage } from '@synod/kernel';
import type { BalanceMap, LedgerBlock, LoggedTransfer, ServerReport, Transfer } from '@synod/ledger';
import type { Input, News } from '../model/input.js';
import { emptyModel, type Model } from '../model/model.js';
import { reduce } from '../model/reduce.js';

/** Noon, local time, so that what is shown is the same in every time zone. */
export const noonMs = new Date(2031, 0, 1, 12, 0, 0).getTime();

export const five: readonly NodeId[] = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** A model after news, a second before noon unless they say when, or later if the model is. */
export function after(model: Model, ...news: readonly (News | Input)[]): Model {
  return news.reduce<Model>((before, one) => {
    return reduce(before, 'news' in one ? one : { timeMs: Math.max(before.nowMs, noonMs - 1_000), news: one });
  }, model);
}

export function cluster(servers: readonly NodeId[] = five): News {
  return {
    type: 'cluster',
    cluster: 'bank',
    servers: servers.map((id, i) => ({ id, address: `127.0.0.1:${5001 + i}` })),
  };
}

/** What differs from a healthy server that has done nothing yet. */
export interface ReportChanges {
  readonly status?: Partial<ServerReport['status']>;
  readonly own?: readonly {
    readonly account: string;
    readonly committed: bigint;
    readonly spendable: bigint;
    readonly pending?: number;
  }[];
  readonly transfersPerSecond?: number;
}

export function report(server: NodeId, changes: ReportChanges = {}, servers: readonly NodeId[] = five): News {
  const own = changes.own ?? [{ account: server, committed: 100n, spendable: 100n }];
  return {
    type: 'ledger-report',
    report: {
      status: {
        server,
        height: 0,
        hash: hashOf(0),
        promised: { round: 0, server: '' },
        round: undefined,
        logLength: 0,
        pending: 0,
        undecided: 0,
        connected: servers.filter((other) => other !== server),
        ready: true,
        catchingUp: false,
        missing: undefined,
        disk: 'd15cd15cd15cd15c',
        waits: false,
        ...changes.status,
      },
      own: own.map((account) => ({ home: server, pending: 0, ...account })),
      performance: {
        transfersPerSecond: changes.transfersPerSecond ?? 0,
        p50Ms: 0.42,
        p99Ms: 12.5,
        writes: { count: 12, p50Ms: 0.31, p99Ms: 2.04 },
        loopDelayMs: 1.2,
      },
    },
  };
}

/** Five servers that have just started. */
export function freshBank(servers: readonly NodeId[] = five): Model {
  const plan: News = { type: 'plan', source: 'test.csv', sets: 10, begun: 0 };
  return after(emptyModel, cluster(servers), plan, ...servers.map((server) => report(server, {}, servers)));
}

/** 64 hexadecimal digits. */
export function hashOf(n: number): string {
  return (n * 2_654_435_761 + 12_345).toString(16).padStart(8, '0').slice(-8).repeat(8);
}

export function transfer(id: string, from: string, to: string, amount: bigint): Transfer {
  return { id, from, to, amount };
}

export function logged(owner: NodeId, sequence: number, value: Transfer): LoggedTransfer {
  return { owner, sequence, value };
}

export function block(
  height: number,
  round: number,
  proposer: NodeId,
  entries: readonly LoggedTransfer[],
): LedgerBlock {
  return { height, previous: hashOf(height - 1), hash: hashOf(height), ballot: { round, server: proposer }, entries };
}

/** The transfers of the first set: the fifth needs a round. */
const firstSet = [
  { id: '1-1', from: 'S1', to: 'S3', amount: 45n },
  { id: '1-2', from: 'S3', to: 'S5', amount: 55n },
  { id: '1-3', from: 'S2', to: 'S4', amount: 30n },
  { id: '1-4', from: 'S5', to: 'S1', amount: 50n },
  { id: '1-5', from: 'S1', to: 'S3', amount: 75n },
] as const;

export const firstBlock = block(1, 1, 'S1', [
  logged('S1', 1, firstSet[0]),
  logged('S2', 1, firstSet[2]),
  logged('S3', 1, firstSet[1]),
  logged('S5', 1, firstSet[3]),
]);

const balancesAfterFirst: Readonly<Record<string, bigint>> = { S1: 105n, S2: 70n, S3: 90n, S4: 130n, S5: 105n };

/** What a server knows of all accounts after the first block; S1 has paid 75 since. */
function mapAfterFirst(server: NodeId): BalanceMap {
  const balances = Object.entries(balancesAfterFirst).map(([account, committed]) => {
    const spendable = server === 'S1' && account === 'S1' ? 30n : committed;
    return { account, home: account, committed, spendable, pending: 0 };
  });
  return { server, height: 1, balances };
}

/** All messages of a round that succeeds, each on its way for a while. `silent`: these answer nothing, and get nothing. */
export function roundMessages(
  { round, leader, height }: { readonly round: number; readonly leader: NodeId; readonly height: number },
  {
    beginMs = 0,
    silent = [],
    servers = five,
  }: { readonly beginMs?: number; readonly silent?: readonly NodeId[]; readonly servers?: readonly NodeId[] } = {},
): TracedMessage[] {
  const subject = `ballot (${round}, ${leader}), height ${height}`;
  const messages: TracedMessage[] = [];
  const beginUs = (noonMs + beginMs) * 1000;
  const others = servers.filter((server) => server !== leader);
  const pass = (type: string, from: NodeId, to: NodeId, sentUs: number, takesUs: number) => {
    messages.push({ timeUs: beginUs + sentUs, sent: true, from, to, type, subject });
    if (silent.includes(to) || silent.includes(from)) return;
    messages.push({ timeUs: beginUs + sentUs + takesUs, sent: false, from, to, type, subject });
  };
  for (const [i, to] of others.entries()) pass('prepare', leader, to, 10, 300 + 40 * i);
  for (const [i, from] of others.entries())
    if (!silent.includes(from)) pass('promise', from, leader, 900 + 60 * i, 280 + 30 * i);
  for (const [i, to] of others.entries()) pass('accept', leader, to, 1_500, 320 + 30 * i);
  for (const [i, from] of others.entries())
    if (!silent.includes(from)) pass('accepted', from, leader, 2_400 + 50 * i, 260 + 40 * i);
  for (const [i, to] of others.entries()) pass('commit', leader, to, 3_000, 300 + 30 * i);
  return messages.sort((a, b) => a.timeUs - b.timeUs);
}

export function event(
  sequence: number,
  server: NodeId,
  afterMs: number,
  kind: string,
  message: string,
  level: ServerEvent['level'] = 'info',
): News {
  return {
    type: 'event',
    missed: 0,
    event: { sequence, server, timeMs: noonMs + afterMs, level, kind, message, fields: {} },
  };
}

const show = ({ from, to, amount }: Transfer) => `${from} → ${to}: ${amount}`;

/** The first set is being played: `decided` of its five transfers have their fate, and S1 leads a round. */
export function playing(decided = 4): Model {
  const model = after(
    freshBank(),
    { type: 'plan', source: 'test.csv', sets: 10, begun: 1 },
    { type: 'set-began', set: '1', live: five, total: 5 },
    ...firstSet.slice(0, decided).map((one): News => {
      return { type: 'decided', row: { id: one.id, transfer: show(one), fate: 'local', reason: '' } };
    }),
    report('S1', {
      status: {
        logLength: 1,
        undecided: 1,
        promised: { round: 1, server: 'S1' },
        round: { ballot: { round: 1, server: 'S1' }, phase: 'prepare' },
      },
      own: [{ account: 'S1', committed: 100n, spendable: 55n }],
      transfersPerSecond: 0.4,
    }),
    report('S2', {
      status: { logLength: 1, promised: { round: 1, server: 'S1' } },
      own: [{ account: 'S2', committed: 100n, spendable: 70n }],
    }),
  );
  const until = (noonMs + 1.3) * 1000;
  const messages = roundMessages({ round: 1, leader: 'S1', height: 1 }).filter(({ timeUs }) => timeUs < until);
  return after(model, { type: 'messages', messages, missed: 0 });
}

/** The first set is done: one block, and the fifth transfer in S1's log. */
export function played(): Model {
  const promised = { round: 1, server: 'S1' };
  const status = { height: 1, hash: hashOf(1), promised };
  return after(
    playing(),
    {
      type: 'messages',
      messages: roundMessages({ round: 1, leader: 'S1', height: 1 }).filter(
        ({ timeUs }) => timeUs >= (noonMs + 1.3) * 1000,
      ),
      missed: 0,
    },
    ...five.map((server, i): Input => ({
      timeMs: noonMs + 2_000 + i,
      news: report(server, {
        status: { ...status, logLength: server === 'S1' ? 1 : 0 },
        own: [
          {
            account: server,
            committed: balancesAfterFirst[server]!,
            spendable: server === 'S1' ? 30n : balancesAfterFirst[server]!,
          },
        ],
        transfersPerSecond: server === 'S1' ? 0.2 : 0.1,
      }),
    })),
    { type: 'decided', row: { id: '1-5', transfer: show(firstSet[4]), fate: 'consensus', reason: '' } },
    { type: 'set-ended' },
    { type: 'blocks', server: 'S1', blocks: [firstBlock] },
    ...five.map((server): News => ({ type: 'balances', balances: mapAfterFirst(server) })),
    ...five.map((server): News => {
      const entries = server === 'S1' ? [logged('S1', 2, firstSet[4])] : [];
      return { type: 'log', log: { server, height: 1, entries, pending: [] } };
    }),
    ...five.map((server, i) => event(1, server, i, 'server-ready', 'known to a majority of the servers: taking part')),
    event(2, 'S1', 1_000, 'round-started', 'round (1, S1) for block 1 starts'),
    ...five.map((server, i) =>
      event(3, server, 1_003 + i, 'block-committed', 'block 1 of ballot (1, S1) committed, 4 transfers'),
    ),
    event(4, 'S1', 1_008, 'round-ended', 'round (1, S1) for block 1 ends: committed'),
    event(5, 'S1', 1_009, 'transfer-decided', 'S1 → S3: 75 consensus'),
  );
}

/** After the first set S1, who led, is killed; S2 leads the next round without it. */
export function failover(): Model {
  const crashMs = noonMs + 5_000;
  const promised = { round: 2, server: 'S2' };
  const status = { height: 2, hash: hashOf(2), promised, connected: ['S2', 'S3', 'S4', 'S5'] };
  return after(
    played(),
    { type: 'plan', source: 'test.csv', sets: 10, begun: 2 },
    { timeMs: crashMs, news: { type: 'reach', server: 'S1', reach: 'down', reason: 'killed (SIGKILL)' } },
    event(2, 'S2', 5_001, 'link-down', 'link to S1 is down', 'warn'),
    { type: 'set-began', set: '2', live: ['S2', 'S3', 'S4', 'S5'], total: 3 },
    {
      type: 'decided',
      row: { id: '2-1', transfer: 'S1 → S2: 10', fate: 'skipped', reason: 'S1, its home, has crashed' },
    },
    { type: 'decided', row: { id: '2-2', transfer: 'S2 → S4: 90', fate: 'pending', reason: 'short: S2 can spend 70' } },
    { type: 'decided', row: { id: '2-3', transfer: 'S4 → S2: 20', fate: 'local', reason: '' } },
    {
      type: 'messages',
      messages: roundMessages({ round: 2, leader: 'S2', height: 2 }, { beginMs: 6_000, silent: ['S1'] }),
      missed: 0,
    },
    ...['S2', 'S3', 'S4', 'S5'].map((server, i): Input => ({
      timeMs: noonMs + 8_000 + i,
      news: report(server, {
        status: {
          ...status,
          connected: status.connected.filter((one) => one !== server),
          pending: server === 'S2' ? 1 : 0,
        },
        own: [{ account: server, committed: balancesAfterFirst[server]!, spendable: balancesAfterFirst[server]! }],
      }),
    })),
    { type: 'blocks', server: 'S2', blocks: [block(2, 2, 'S2', [logged('S4', 1, transfer('2-3', 'S4', 'S2', 20n))])] },
    { type: 'log', log: { server: 'S2', height: 2, entries: [], pending: [transfer('2-2', 'S2', 'S4', 90n)] } },
    { type: 'set-ended' },
  );
}
