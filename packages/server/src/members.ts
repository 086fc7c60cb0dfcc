import type { NodeId } from '@synod/kernel';
import type { DiskIdentity, LinkMember, NodeDescription } from '@synod/transport/server';
import type { EventLog } from './observation/event-log.js';

type ServerAddress = NodeDescription['servers'][number];

/** Who carries messages between the members. */
export interface MemberLinks {
  setDisk(disk: DiskIdentity): void;
  setMember(peer: NodeId, member: LinkMember): void;
}

/** Where the servers of a cluster are: as configured, until the application says that one was replaced. */
export class Members {
  readonly #configured: ReadonlyMap<NodeId, string>;
  readonly #events: EventLog;
  readonly #addresses: Map<NodeId, string>;
  readonly #replaced = new Map<NodeId, LinkMember>();
  #links: MemberLinks | undefined;
  #disk: DiskIdentity | undefined;

  constructor(servers: readonly ServerAddress[], events: EventLog) {
    this.#configured = new Map(servers.map(({ id, address }) => [id, address]));
    this.#addresses = new Map(this.#configured);
    this.#events = events;
  }

  /** Whom to tell; set before the machine recovers, which tells first of all. */
  linkedBy(links: MemberLinks): void {
    this.#links = links;
  }

  /** The disk of this server; undefined where disks have no identity. */
  get disk(): DiskIdentity | undefined {
    return this.#disk;
  }

  /** All servers of the cluster, in the order of the configuration. */
  get addresses(): ServerAddress[] {
    return [...this.#addresses].map(([id, address]) => ({ id, address }));
  }

  setDisk(disk: DiskIdentity): void {
    this.#disk = disk;
    this.#links?.setDisk(disk);
  }

  /** A server is another. Told again, it is no news. */
  setMember(server: NodeId, member: LinkMember): void {
    const { address, disk, since } = member;
    const before = this.#replaced.get(server);
    if (before?.since === since && before.disk === disk && before.address === address) return;
    this.#replaced.set(server, member);
    this.#addresses.set(server, address);
    this.#links?.setMember(server, member);
    const configured = this.#configured.get(server);
    const differs = configured === address ? '' : ` (the configuration says ${configured})`;
    const message = `${server} was replaced: it is at ${address}, on disk ${disk}${differs}`;
    this.#events.add('warn', 'server-replaced', message, { replaced: server, address, disk, since: String(since) });
  }
}
