// What is compared with what, and the targets. One entry is one row of the table; `measure`: which figure; for times less is
// better. `solid`: to be reached; `moonshot`: to be hoped for; without either it is there to be known. `inDetail`: of no use
// to who wants to know how much, and not how it came about.

const etcd = (work, inFlight, more = {}) => ({ system: 'etcd', work, servers: 3, inFlight, ...more });
/** Puts go to registers with one writer, the first server of all of them: as etcd's leader takes all puts. */
const flagsOf = {
  put: ['--writer', 'one'],
  'put by any': ['--writer', 'any'],
  read: ['--read-share', '1', '--read-from', 'replicas'],
  'read by a server': ['--read-share', '1'],
};
export const registers = (work, inFlight, more = {}) => ({
  system: 'synod',
  bench: ['register', ...flagsOf[work]],
  servers: 3,
  inFlight,
  ...more,
});
const unary = (work, inFlight) => ({ system: 'synod-unary', work, servers: 3, inFlight });
const ledger = (load, inFlight, more = {}) => ({
  system: 'synod',
  bench: ['ledger', '--load', load],
  servers: 5,
  inFlight,
  ...more,
});
const viaH2load = { via: 'h2load' };
const five = { servers: 5 };

/** What a row is called by: a client that reads asks the replicas itself, unless it is said otherwise. */
const worded = { put: 'put', read: 'read from the replicas' };

/** The same work at several loads: `targets` are [in flight, solid, moonshot]. */
const atLoads = (work, targets) =>
  targets.map(([inFlight, solid, moonshot]) => ({
    name: `${work}-${inFlight}`,
    work: `${worded[work]}, ${inFlight} in flight`,
    against: 'etcd, grpc-js',
    ours: registers(work, inFlight),
    theirs: etcd(work, inFlight),
    ...{ measure: 'perSecond', solid, moonshot },
  }));

const row = (name, work, against, [ours, theirs], [solid, moonshot] = [], measure = 'perSecond') => {
  return { name, work, against, ours, theirs, measure, solid, moonshot };
};

const besideUnaryFloor = (work) => ({
  ...row(
    `floor-unary-${work}`,
    `unary ${work}, h2load on both`,
    'the floor: unary calls of grpc-js that do nothing',
    [unary(work, 256), { system: 'unary-floor', servers: 3, inFlight: 256 }],
    [],
  ),
  inDetail: true,
});

const besideFloor = (work, inFlight, ours = work, through = '') => ({
  ...row(
    `floor-${work}-${inFlight}`,
    `${work}${through}, ${inFlight} in flight`,
    'the floor: frames and synced writes alone',
    [registers(ours, inFlight), { system: 'floor', work, servers: 3, inFlight }],
    [],
  ),
  inDetail: true,
});

export const rows = [
  ...atLoads('put', [
    [1, 1.4, 2.5],
    [16, 4, 7],
    [64, 8, 14],
    [256, 15, 30],
  ]),
  ...atLoads('read', [
    [1, 1.9, 2.9],
    [16, 7, 15],
    [64, 15, 30],
    [256, 25, 50],
  ]),
  ...[16, 256].map((inFlight) =>
    row(`put-any-${inFlight}`, `put, any server may write, ${inFlight} in flight`, 'etcd, grpc-js', [
      registers('put by any', inFlight),
      etcd('put', inFlight),
    ]),
  ),
  ...[16, 256].map((inFlight) =>
    row(`read-server-${inFlight}`, `read through a server, ${inFlight} in flight`, 'etcd, grpc-js', [
      registers('read by a server', inFlight),
      etcd('read', inFlight),
    ]),
  ),
  row('put-h2load', 'put, 256 in flight', 'etcd, h2load', [registers('put', 256), etcd('put', 256, viaH2load)], [4, 8]),
  row(
    'read-h2load',
    'read from the replicas, 256 in flight',
    'etcd, h2load',
    [registers('read', 256), etcd('read', 256, viaH2load)],
    [8, 16],
  ),
  row(
    'put-txn',
    'put, 256 in flight',
    'etcd, Txn of 128',
    [registers('put', 256), etcd('put', 256, { via: 'txn' })],
    [1.5, 3],
  ),
  row('unary-put', 'unary put, h2load on both', 'etcd', [unary('put', 256), etcd('put', 256, viaH2load)], [0.8, 1.2]),
  row(
    'unary-read',
    'unary read, h2load on both',
    'etcd',
    [unary('read', 256), etcd('read', 256, viaH2load)],
    [0.9, 1.6],
  ),
  row(
    'put-redis',
    'put, 256 in flight',
    'Redis, synced, WAIT 1 (a weaker promise)',
    [registers('put', 256), { system: 'redis', servers: 3, inFlight: 256 }],
    [1.2, 2],
  ),
  row(
    'put-p99',
    'p99 of puts, 256 in flight',
    'etcd, h2load',
    [registers('put', 256), etcd('put', 256, viaH2load)],
    [0.6, 0.3],
    'p99',
  ),
  row(
    'five-put',
    'put, 5 servers, 256 in flight',
    'etcd, grpc-js',
    [registers('put', 256, five), etcd('put', 256, five)],
    [12, 25],
  ),
  row(
    'five-read',
    'read from the replicas, 5 servers, 256 in flight',
    'etcd, grpc-js',
    [registers('read', 256, five), etcd('read', 256, five)],
    [20, 40],
  ),
  row(
    'embedded',
    'put, 3 replicas in one process, 256 in flight',
    'the same through sockets',
    [{ ...registers('put', 256), bench: ['register', '--embedded', ...flagsOf.put] }, registers('put', 256)],
    [1.5, 2.5],
  ),
  row(
    'ledger-covered',
    "transfers covered locally (durable on the home's disk), 5 servers, 256 in flight",
    'etcd put, h2load',
    [ledger('covered', 256), etcd('put', 256, { ...five, ...viaH2load })],
    [3, 8],
  ),
  row(
    'ledger-postgres',
    "transfers covered locally (durable on the home's disk), 5 servers, 256 in flight",
    'PostgreSQL, 1 synchronous standby, 64 connections',
    [ledger('covered', 256), { system: 'postgres', connections: 64 }],
    [5, 20],
  ),
  row(
    'ledger-shortage',
    'transfers in committed blocks, 5 servers, shortage-heavy, 256 in flight',
    'etcd put, h2load',
    [ledger('shortage', 256, { kind: 'committed' }), etcd('put', 256, { ...five, ...viaH2load })],
    [1, 3],
  ),
  row(
    'round',
    'p50 of a consensus round that moves money, 5 servers, 1 in flight',
    'etcd put, grpc-js',
    [ledger('round', 1, { kind: 'consensus' }), etcd('put', 1, five)],
    [2.5, 1.5],
    'p50',
  ),
  row(
    'log',
    'replicated log, entries, 256 in flight',
    'etcd put, grpc-js',
    [{ system: 'synod', bench: ['paxos'], servers: 3, inFlight: 256 }, etcd('put', 256)],
    [10, 25],
  ),
  row(
    'check',
    'linearizability check of 100,000 operations, reading included',
    '1,000,000 operations/s',
    [{ system: 'checker' }, { system: 'constant', perSecond: 1_000_000 }],
    [0.3, 1],
  ),
  ...[1, 16, 64, 256].map((inFlight) => besideFloor('put', inFlight)),
  ...[64, 256].map((inFlight) => besideFloor('read', inFlight, 'read by a server', ' through a server')),
  ...['put', 'read'].map(besideUnaryFloor),
];
