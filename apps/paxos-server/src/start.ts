import { randomInt } from 'node:crypto';
import type { ClusterServer } from '@synod/cluster';
import { NodeLoop, systemClock, type Random } from '@synod/kernel';
import { ledgerMachine, type LedgerProtocol } from '@synod/ledger';
import type { LevelStorage } from '@synod/storage';
import { adminService, GrpcHost, ledgerService } from '@synod/transport/server';
import { assemble, type Assembly } from './assembly.js';
import { logIn, openStore } from './data-directory.js';
import { HealthPage } from './health-page.js';
import { openLog } from './log.js';
import { LedgerObserver } from './observation/ledger-observer.js';
import { Opened } from './opened.js';
import { checkOptions, type PaxosServerOptions } from './options.js';
import { PaxosServer } from './paxos-server.js';

/**
 * Starts one server of the ledger. Rejects with `SynodError`, having written nothing: `config` if an option is wrong
 * or an address can not be had, `DataDirectoryError` if the data directory can not be this server's.
 */
export function startPaxosServer(options: PaxosServerOptions): Promise<PaxosServer> {
  const stop = (): void => void started.then((server) => server.stop());
  const started = start(options, stop);
  return started;
}

async function start(options: PaxosServerOptions, stop: () => void): Promise<PaxosServer> {
  const opened = new Opened();
  try {
    return await open(options, stop, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Who is refused has touched nothing: the options come first, then the addresses, then the data directory. */
async function open(options: PaxosServerOptions, stop: () => void, opened: Opened): Promise<PaxosServer> {
  const { cluster, id, dataDirectory, logLevel, console } = options;
  const own = checkOptions(options);
  const assembly = assemble(options, stop);
  const { metrics, events, ledger } = assembly;
  opened.keep(metrics);
  const host = opened.keep(await listen(options, own, assembly));
  const page = own.admin === undefined ? undefined : opened.keep(await HealthPage.listen(own.admin, assembly));
  const storage = opened.keep(await openStore(dataDirectory, cluster, id));
  const log = opened.keep(openLog({ file: logIn(dataDirectory), level: logLevel, console }));
  const loop = await recover(options, assembly, storage, (error) => server.fail(error));
  const server = new PaxosServer({ id, host, page, storage, loop, ledger, events, metrics });
  events.writeTo(log);
  ledger.open(loop);
  host.setServing(true);
  announce(server.address, assembly);
  return server;
}

async function listen(
  { cluster, listen, allowFaults = false }: PaxosServerOptions,
  own: ClusterServer,
  { links, ledger, admin, metrics }: Assembly,
): Promise<GrpcHost> {
  const host = await GrpcHost.listen({
    address: listen ?? own.address,
    services: [links.service, ledgerService(ledger, { calls: metrics }), adminService(admin, { allowFaults })],
    cluster: cluster.id,
    calls: metrics,
  });
  host.setServing(false);
  return host;
}

/** Makes the machine of what the store holds, and links it to its peers. */
function recover(
  { cluster, id, allowFaults, queueRounds }: PaxosServerOptions,
  { members, links, failpoints, ...observed }: Assembly,
  storage: LevelStorage,
  onFatal: (error: Error) => void,
): Promise<NodeLoop<LedgerProtocol>> {
  const { accounts, genesis } = cluster.ledger;
  return NodeLoop.open<LedgerProtocol>({
    self: id,
    definition: ledgerMachine({ self: id, members, accounts, genesis, random, queueRounds }),
    storage,
    transport: links,
    clock: systemClock,
    observer: new LedgerObserver(observed),
    failpoints: allowFaults ? failpoints : undefined,
    onFatal,
  });
}

/** Tells what was recovered. Should the server fail before it knows, `ended` says why. */
function announce(address: string, { events, ledger }: Assembly): void {
  ledger.report().then(
    ({ status: { height, logLength, pending } }) => {
      const recovered = `block ${height}, ${logLength} in the log, ${pending} pending`;
      events.add('info', 'server-started', `serving on ${address}: ${recovered}`, {
        address,
        height: String(height),
        logLength: String(logLength),
        pending: String(pending),
      });
    },
    () => {},
  );
}

/** Uniform in [0, 1), from the system's own source: no two servers may draw the same. */
const random: Random = () => randomInt(2 ** 47) / 2 ** 47;
