import { randomBytes, randomInt } from 'node:crypto';
import { fingerprint } from '@synod/cluster';
import { NodeLoop, systemClock, type Random } from '@synod/kernel';
import { ledgerMachine, type LedgerProtocol } from '@synod/ledger';
import { Metrics } from './metrics.js';

import { adminService, GrpcHost, ledgerService, paxosMessageCodec, PeerLinks } from '@synod/transport/server';
import { AdminDoor } from './admin-door.js';
import { logIn, openStore } from './data-directory.js';
import { Failpoints, parseFailpoint } from './failpoints.js';
import { LedgerDoor } from './ledger-door.js';
import { openLog } from './log.js';
import { EventLog } from './observation/event-log.js';
import { LedgerObserver } from './observation/ledger-observer.js';
import { checkOptions, type PaxosServerOptions } from './options.js';
import { PaxosServer } from './paxos-server.js';

/**
 * Starts one server of the ledger. Rejects with `SynodError`, having written nothing: `config` if an option is wrong
 * or the address can not be had, `DataDirectoryError` if the data directory can not be this server's.
 */
export function startPaxosServer(options: PaxosServerOptions): Promise<PaxosServer> {
  const stop = (): void => void started.then((server) => server.stop());
  const started = start(options, stop);
  return started;
}

/** Who is refused has touched nothing: the options come first, then the address, then the data directory. */
async function start(options: PaxosServerOptions, stop: () => void): Promise<PaxosServer> {
  checkOptions(options);
  const parts = assemble(options, stop);
  const host = await listen(options, parts);
  try {
    return await run(options, parts, host);
  } catch (error) {
    await host.close(0);
    throw error;
  }
}

type Parts = ReturnType<typeof assemble>;

/** All that needs neither the network nor the disk. */
function assemble({ cluster, id, links: linked, failpoints: armed = [] }: PaxosServerOptions, stop: () => void) {
  const metrics = new Metrics(id);
  const events = new EventLog(id);
  const ledger = new LedgerDoor(id, events, metrics);
  const links = new PeerLinks<LedgerProtocol['message']>({
    self: id,
    cluster: cluster.id,
    fingerprint: fingerprint(cluster),
    incarnation: randomBytes(8).readBigUInt64BE(),
    peers: new Map(cluster.servers.map((server) => [server.id, server.address])),
    codec: paxosMessageCodec,
    report: ({ level, kind, peer, message }) => events.add(level, kind, message, { peer }),
  });
  if (linked === 'none') links.setLinks([]);
  const failpoints = new Failpoints(() => process.kill(process.pid, 'SIGKILL'));
  for (const text of armed) failpoints.set(parseFailpoint(text));
  const members = cluster.servers.map((server) => server.id);
  const admin = new AdminDoor({ links, failpoints, members, stop });
  return { metrics, events, ledger, links, failpoints, members, admin };
}

async function listen(
  { cluster, id, listen, allowFaults = false }: PaxosServerOptions,
  { links, ledger, admin, metrics }: Parts,
): Promise<GrpcHost> {
  const own = cluster.servers.find((server) => server.id === id);
  const host = await GrpcHost.listen({
    address: listen ?? own?.address ?? '',
    services: [links.service, ledgerService(ledger, { calls: metrics }), adminService(admin, { allowFaults })],
    cluster: cluster.id,
    calls: metrics,
  });
  host.setServing(false);
  return host;
}

async function run(options: PaxosServerOptions, parts: Parts, host: GrpcHost): Promise<PaxosServer> {
  const { cluster, id, dataDirectory, allowFaults, queueRounds, logLevel = 'info', console = false } = options;
  const { metrics, events, ledger, links, failpoints, members } = parts;
  const storage = await openStore(dataDirectory, cluster, id);
  try {
    const log = openLog({ file: logIn(dataDirectory), level: logLevel, console });
    events.writeTo(log.logger);
    const { accounts, genesis } = cluster.ledger;
    const loop = await NodeLoop.open<LedgerProtocol>({
      self: id,
      definition: ledgerMachine({ self: id, members, accounts, genesis, random, queueRounds }),
      storage,
      transport: links,
      clock: systemClock,
      observer: new LedgerObserver({
        events,
        changes: ledger.changes,
        written: () => metrics.written(),
        askStatus: (done) =>
          ledger.invoke({ type: 'status' }, (result) => {
            if (result.type === 'status') done(result.status);
          }),
      }),
      failpoints: allowFaults ? failpoints : undefined,
      onFatal: (error) => server.fail(error),
    });
    const server = new PaxosServer({ id, host, ledger, events, log, loop, storage });
    ledger.open(loop);
    await announce(server, parts);
    host.setServing(true);
    return server;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** Tells what was recovered; throws what the server failed of meanwhile. */
async function announce(server: PaxosServer, { events, ledger }: Parts): Promise<void> {
  const first = await Promise.race([ledger.report(), server.ended]);
  if (!first || first instanceof Error) throw first ?? new Error('stopped while it started');
  const { height, logLength, pending } = first.status;
  const fields = {
    address: server.address,
    height: String(height),
    logLength: String(logLength),
    pending: String(pending),
  };
  const message = `serving on ${server.address}: block ${height}, ${logLength} in the log, ${pending} pending`;
  events.add('info', 'server-started', message, fields);
}

/** Uniform in [0, 1), from the system's own source: no two servers may draw the same. */
const random: Random = () => randomInt(2 ** 47) / 2 ** 47;
