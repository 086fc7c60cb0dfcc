import { randomInt } from 'node:crypto';
import type { ClusterServer } from '@synod/cluster';
import { NodeLoop, systemClock, type Random } from '@synod/kernel';
import { ledgerMachine, type LedgerProtocol } from '@synod/ledger';
import type { LevelStorage } from '@synod/storage';
import { adminService, GrpcHost, ledgerService } from '@synod/transport/server';
import { assemble, type Assembly } from './assembly.js';
import { logIn, openStore } from './data-directory.js';
import { HealthPage } from './health-page.js';
import { openLog, type Log } from './log.js';
import { LedgerObserver } from './observation/ledger-observer.js';
import { checkOptions, type PaxosServerOptions } from './options.js';
import { orClose } from './or-close.js';
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

/** Who is refused has touched nothing: the options come first, then the addresses, then the data directory. */
async function start(options: PaxosServerOptions, stop: () => void): Promise<PaxosServer> {
  const own = checkOptions(options);
  const assembly = assemble(options, stop);
  const host = await listen(options, own, assembly);
  return orClose(host, async () => {
    const page = own.admin === undefined ? undefined : await HealthPage.listen(own.admin, assembly);
    return orClose(page, async () => {
      const storage = await openStore(options.dataDirectory, options.cluster, options.id);
      return orClose(storage, () => {
        const log = openLog({ file: logIn(options.dataDirectory), level: options.logLevel, console: options.console });
        return orClose(log, () => run(options, assembly, { host, page, storage, log }));
      });
    });
  });
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

interface Opened {
  readonly host: GrpcHost;
  readonly page: HealthPage | undefined;
  readonly storage: LevelStorage;
  readonly log: Log;
}

/** Recovers the machine and lets clients and peers in. */
async function run(options: PaxosServerOptions, assembly: Assembly, opened: Opened): Promise<PaxosServer> {
  const { cluster, id, allowFaults, queueRounds } = options;
  const { metrics, events, ledger, links, failpoints, members } = assembly;
  const { accounts, genesis } = cluster.ledger;
  const loop = await NodeLoop.open<LedgerProtocol>({
    self: id,
    definition: ledgerMachine({ self: id, members, accounts, genesis, random, queueRounds }),
    storage: opened.storage,
    transport: links,
    clock: systemClock,
    observer: new LedgerObserver({ events, metrics, ledger }),
    failpoints: allowFaults ? failpoints : undefined,
    onFatal: (error) => server.fail(error),
  });
  events.writeTo(opened.log);
  const server = new PaxosServer({ id, ...opened, loop, ledger, events, metrics });
  ledger.open(loop);
  opened.host.setServing(true);
  // It may fail before it has answered; `ended` says why.
  ledger.report().then(
    ({ status: { height, logLength, pending } }) => {
      const fields = { height: String(height), logLength: String(logLength), pending: String(pending) };
      const recovered = `block ${height}, ${logLength} in the log, ${pending} pending`;
      const { address } = server;
      events.add('info', 'server-started', `serving on ${address}: ${recovered}`, { address, ...fields });
    },
    () => {},
  );
  return server;
}

/** Uniform in [0, 1), from the system's own source: no two servers may draw the same. */
const random: Random = () => randomInt(2 ** 47) / 2 ** 47;
