import { randomBytes } from 'node:crypto';
import { fingerprint } from '@synod/cluster';
import { systemClock, type NodeId } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import { Metrics } from '@synod/metrics';
import { paxosMessageCodec, PeerLinks } from '@synod/transport/server';
import { AdminDoor } from './admin-door.js';
import { Failpoints, parseFailpoint } from './failpoints.js';
import { LedgerDoor } from './ledger-door.js';
import { EventLog } from './observation/event-log.js';
import type { PaxosServerOptions } from './options.js';

/** How many decided transfers are kept one by one, for `Performance`. */
const keepRequests = 100_000;

/** The parts of a server that need neither the network nor the disk to be made. */
export interface Assembly {
  readonly members: readonly NodeId[];
  readonly metrics: Metrics;
  readonly events: EventLog;
  readonly links: PeerLinks<LedgerProtocol['message']>;
  readonly failpoints: Failpoints;
  readonly ledger: LedgerDoor;
  readonly admin: AdminDoor;
}

/** `stop`: what the admin service's shutdown does. */
export function assemble(options: PaxosServerOptions, stop: () => void): Assembly {
  const { cluster, id } = options;
  const members = cluster.servers.map((server) => server.id);
  const metrics = new Metrics({ server: id, now: () => systemClock.now(), keepRequests });
  const events = new EventLog(id);
  const links = new PeerLinks<LedgerProtocol['message']>({
    self: id,
    cluster: cluster.id,
    fingerprint: fingerprint(cluster),
    incarnation: randomBytes(8).readBigUInt64BE(),
    peers: new Map(cluster.servers.map((server) => [server.id, server.address])),
    codec: paxosMessageCodec,
    report: ({ level, kind, peer, message }) => events.add(level, kind, message, { peer }),
  });
  if (options.links === 'none') links.setLinks([]);
  const failpoints = new Failpoints(() => process.kill(process.pid, 'SIGKILL'));
  for (const text of options.failpoints ?? []) failpoints.set(parseFailpoint(text));
  const ledger = new LedgerDoor(id, events, metrics);
  const admin = new AdminDoor({ links, failpoints, members, stop });
  return { members, metrics, events, links, failpoints, ledger, admin };
}
