import { SynodError, type NodeId } from '@synod/kernel';
import type { AdminBackend, Failpoint, FailpointState, LinkFaults, PeerLinks } from '@synod/transport/server';
import type { Failpoints } from '../failpoints.js';
import type { ServedProtocol } from '../served-protocol.js';

/** What operators and tests can do to this server. */
export class AdminDoor<P extends ServedProtocol> implements AdminBackend {
  readonly #links: PeerLinks<P['message']>;
  readonly #failpoints: Failpoints<P>;
  readonly #members: readonly NodeId[];
  readonly #stop: () => void;

  constructor(options: {
    links: PeerLinks<P['message']>;
    failpoints: Failpoints<P>;
    members: readonly NodeId[];
    stop: () => void;
  }) {
    this.#links = options.links;
    this.#failpoints = options.failpoints;
    this.#members = options.members;
    this.#stop = options.stop;
  }

  setLinks(peers: readonly NodeId[] | undefined): void {
    this.#links.setLinks(peers ?? 'all');
  }

  connect(peers: readonly NodeId[]): void {
    this.#links.setLinks([...this.#links.allowed, ...peers]);
  }

  disconnect(peers: readonly NodeId[]): void {
    const stranger = peers.find((peer) => !this.#members.includes(peer));
    if (stranger !== undefined) throw new SynodError('unknown_server', `there is no server '${stranger}'`);
    this.#links.setLinks(this.#links.allowed.filter((peer) => !peers.includes(peer)));
  }

  setFaults(faults: LinkFaults): void {
    this.#links.setFaults(faults);
  }

  setFailpoint(failpoint: Failpoint): void {
    this.#failpoints.set(failpoint);
  }

  failpoints(): readonly FailpointState[] {
    return this.#failpoints.states();
  }

  shutdown(): void {
    this.#stop();
  }
}
