import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterServer } from '@synod/cluster';
import { NodeLoop, SynodError, systemClock } from '@synod/kernel';
import type { LevelStorage } from '@synod/storage';
import { adminService, GrpcHost, nodeService } from '@synod/transport/server';
import type { Build } from './application.js';
import { assemble, type Assembly, type Ends } from './assembly.js';
import { logIn, openStore, refusedByStore, toldDamage } from './data-directory.js';
import { HealthPage } from './observation/health-page.js';
import { openLog } from './observation/log.js';
import { ServerObserver } from './observation/server-observer.js';
import { Opened } from './opened.js';
import { checkOptions, type ServerOptions } from './options.js';
import { RunningServer } from './running-server.js';
import type { ServedProtocol } from './served-protocol.js';

/** How long a start waits for peers that do not answer. */
const judgedWithinMs = 1_000;

/**
 * Starts one server of an application. Rejects with `SynodError`, having written nothing: `config` if an option is
 * wrong or an address can not be had, `DataDirectoryError` if the data directory can not be this server's.
 */
export function startServer<P extends ServedProtocol>(options: ServerOptions, build: Build<P>): Promise<RunningServer> {
  const stop = (): void => {
    started.then(
      (server) => server.stop(),
      () => {}, // who started it knows
    );
  };
  const replaced = (reason: string): void => {
    started.then(
      (server) => server.fail(new SynodError('replaced', reason)),
      () => {},
    );
  };
  const started = start(options, build, { stop, replaced });
  return started;
}

async function start<P extends ServedProtocol>(
  options: ServerOptions,
  build: Build<P>,
  ends: Ends,
): Promise<RunningServer> {
  const opened = new Opened();
  try {
    return await open(options, build, ends, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Who is refused has touched nothing: the options come first, then the addresses, then the data directory. */
async function open<P extends ServedProtocol>(
  options: ServerOptions,
  build: Build<P>,
  ends: Ends,
  opened: Opened,
): Promise<RunningServer> {
  const { cluster, id, dataDirectory, logLevel, console } = options;
  const own = checkOptions(options);
  const assembly = assemble(options, build, ends, opened);
  const { application, events } = assembly;
  const host = opened.keep(await listen(options, own, assembly));
  const page = own.admin === undefined ? undefined : opened.keep(await openPage(own.admin, assembly));
  const owner = { cluster: cluster.id, node: id };
  const storage = opened.keep(await openStore(dataDirectory, owner, application.store));
  const log = opened.keep(openLog({ file: logIn(dataDirectory), level: logLevel, console }));
  const loop = await recover(options, assembly, storage, (error) => server.fail(error));
  const server = new RunningServer({ ...assembly, host, page, storage, loop });
  events.writeTo(log);
  // A peer may remember what the disk has lost. Whoever can be asked is asked before anybody is served.
  await Promise.race([assembly.links.tried(), server.ended, sleep(judgedWithinMs, undefined, { ref: false })]);
  if (server.failed) return server;
  application.door.open(loop);
  application.started?.();
  host.setServing(true);
  announce(server.address, assembly);
  return server;
}

async function listen<P extends ServedProtocol>(
  { cluster, listen, allowFaults = false }: ServerOptions,
  own: ClusterServer,
  { links, application, node, admin, metrics, backlog }: Assembly<P>,
): Promise<GrpcHost> {
  const host = await GrpcHost.listen({
    address: listen ?? own.address,
    services: [links.service, nodeService(node), ...application.services, adminService(admin, { allowFaults })],
    cluster: cluster.id,
    calls: metrics,
    backlog,
  });
  host.setServing(false);
  return host;
}

function openPage<P extends ServedProtocol>(
  address: string,
  { metrics, application }: Assembly<P>,
): Promise<HealthPage> {
  return HealthPage.listen(address, { metrics, ready: () => application.ready() });
}

/** Makes the machine of what the store holds, and links it to its peers. */
async function recover<P extends ServedProtocol>(
  { allowFaults, dataDirectory }: ServerOptions,
  { server, application, links, failpoints, trace, metrics }: Assembly<P>,
  storage: LevelStorage,
  onFatal: (error: Error) => void,
): Promise<NodeLoop<P>> {
  return NodeLoop.open<P>({
    self: server,
    definition: application.definition,
    storage,
    transport: links,
    clock: systemClock,
    observer: new ServerObserver<P>(metrics, trace, application.observer),
    failpoints: allowFaults ? failpoints : undefined,
    onFatal: (error) => onFatal(toldDamage(error, dataDirectory, application.store)),
  }).catch((error: unknown) => {
    throw refusedByStore(error, dataDirectory, application.store);
  });
}

/** Tells what was recovered. Should the server fail before it knows, `ended` says why. */
function announce<P extends ServedProtocol>(address: string, { application, events }: Assembly<P>): void {
  application.recovered().then(
    ({ text, fields }) =>
      events.add('info', 'server-started', `serving on ${address}: ${text}`, { address, ...fields }),
    () => {},
  );
}
