import { systemClock } from '@synod/kernel';
import { Metrics } from '@synod/metrics';
import { Backlog, PeerLinks, Silences, wholeServer, type NodeDescription, type Topic } from '@synod/transport/server';
import type { Application, Build } from './application.js';
import { AdminDoor } from './doors/admin-door.js';
import { NodeDoor } from './doors/node-door.js';
import { Failpoints } from './failpoints.js';
import { EventLog } from './observation/event-log.js';
import type { Instruments } from './observation/instruments.js';
import { MessageTrace } from './observation/message-trace.js';
import { Members } from './members.js';
import type { Opened } from './opened.js';
import type { ServerOptions } from './options.js';
import type { ServedProtocol } from './served-protocol.js';

/** How many decided requests are kept one by one, for `Performance`. */
const keepRequests = 100_000;

/** The parts of a server that need neither the network nor the disk to be made. */
export interface Assembly<P extends ServedProtocol> extends Instruments {
  readonly application: Application<P>;
  readonly links: PeerLinks<P['message']>;
  readonly failpoints: Failpoints<P>;
  readonly trace: MessageTrace<P>;
  readonly node: NodeDoor;
  readonly admin: AdminDoor<P>;
}

/** What may end a server, beside its machine and its storage. */
export interface Ends {
  /** The admin service's shutdown. */
  readonly stop: () => void;
  /** A peer says that another disk has taken its place. */
  readonly replaced: (reason: string) => void;
}

/**
 * Throws `SynodError` `config` for what the application can not run
 * with, and for failpoints that do not exist.
 */
export function assemble<P extends ServedProtocol>(
  options: ServerOptions,
  build: Build<P>,
  ends: Ends,
  opened: Opened,
): Assembly<P> {
  const { id: server, cluster } = options;
  const metrics = opened.keep(new Metrics({ server, now: () => systemClock.now(), keepRequests }));
  const events = new EventLog(server);
  const silence: Silences = opened.keep(new Silences(systemClock, () => application.door.changes.tell('state')));
  const members = new Members(cluster.servers, events);
  const instruments = { server, metrics, events, members, silence, backlog: new Backlog() };
  const application = build(instruments);
  opened.keep({ close: () => application.close?.() });
  const failpoints = new Failpoints<P>(application.failpointTypes, () => process.kill(process.pid, 'SIGKILL'));
  for (const text of options.failpoints ?? []) failpoints.arm(text);
  const links = linksOf(options, application, instruments, ends.replaced);
  members.linkedBy(links);
  const admin = new AdminDoor({ links, failpoints, silence, application, members, stop: ends.stop });
  const trace = new MessageTrace<P>(server, (message) => application.subjectOf(message));
  const node = new NodeDoor(() => describe(options, application, members), trace.listeners, instruments);
  return { ...instruments, application, links, failpoints, trace, node, admin };
}

function linksOf<P extends ServedProtocol>(
  { id, cluster, links: which }: ServerOptions,
  { fingerprint, codec, audiblePart = unlessSilent }: Application<P>,
  { events, silence }: Instruments,
  replaced: Ends['replaced'],
): PeerLinks<P['message']> {
  const links = new PeerLinks<P['message']>({
    self: id,
    cluster: cluster.id,
    fingerprint,
    peers: new Map(cluster.servers.map((server) => [server.id, server.address])),
    codec,
    audible: (message) => (silence.isEmpty ? message : audiblePart(message, (topic) => silence.mutes(topic))),
    replaced,
    report: ({ level, kind, peer, message }) => events.add(level, kind, message, { peer }),
  });
  if (which === 'none') links.setLinks([]);
  return links;
}

function unlessSilent<M>(message: M, mutes: (topic: Topic) => boolean): M | undefined {
  return mutes(wholeServer) ? undefined : message;
}

function describe<P extends ServedProtocol>(
  { id: server, cluster }: ServerOptions,
  { services }: Application<P>,
  { addresses, disk }: Members,
): NodeDescription {
  return {
    cluster: cluster.id,
    server,
    servers: addresses,
    services: services.map(({ name }) => name),
    disk: disk?.identity ?? '',
    waits: disk?.waits ?? false,
    since: disk?.since ?? 0,
  };
}
