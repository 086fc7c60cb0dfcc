import { addressPattern } from '@synod/cluster';
import { SynodError, type NodeId } from '@synod/kernel';
import type {
  AdminBackend,
  Failpoint,
  FailpointState,
  LinkFaults,
  PeerLinks,
  Replaced,
  Replacement,
  SilenceOrder,
  Silences,
  SilenceSubject,
} from '@synod/transport/server';
import type { Application } from '../application.js';
import type { Members } from '../members.js';
import type { Failpoints } from '../failpoints.js';
import type { ServedProtocol } from '../served-protocol.js';

/** What operators and tests can do to this server. */
export class AdminDoor<P extends ServedProtocol> implements AdminBackend {
  readonly #links: PeerLinks<P['message']>;
  readonly #failpoints: Failpoints<P>;
  readonly #silence: Silences;
  readonly #silenceKey: Application<P>['silenceKey'];
  readonly #replace: Application<P>['replace'];
  readonly #members: Members;
  readonly #stop: () => void;

  constructor(options: {
    links: PeerLinks<P['message']>;
    failpoints: Failpoints<P>;
    silence: Silences;
    application: Pick<Application<P>, 'silenceKey' | 'replace'>;
    members: Members;
    stop: () => void;
  }) {
    this.#links = options.links;
    this.#failpoints = options.failpoints;
    this.#silence = options.silence;
    this.#silenceKey = options.application.silenceKey;
    this.#replace = options.application.replace;
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
    const stranger = peers.find((peer) => !this.#members.addresses.some(({ id }) => id === peer));
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

  silence({ phase, afterMs, ...subject }: SilenceOrder): void {
    if (phase !== undefined && !this.#silenceKey) throw noRegisters('phases');
    this.#silence.set({ key: this.#keyOf(subject), phase, afterMs });
  }

  unsilence(subject: SilenceSubject): void {
    this.#silence.lift(this.#keyOf(subject));
  }

  async replace(replacement: Replacement): Promise<Replaced> {
    if (!this.#replace) throw new SynodError('invalid_argument', 'servers of this kind can not be replaced');
    const { server, address } = replacement;
    if (!addressPattern.test(address)) {
      const example = 'for example 127.0.0.1:7001';
      throw new SynodError('invalid_argument', `address: ${JSON.stringify(address)} is not host:port, ${example}`);
    }
    const other = this.#members.addresses.find((member) => member.address === address && member.id !== server);
    if (other) throw new SynodError('invalid_argument', `address: ${address} is that of ${other.id}`);
    return this.#replace(replacement);
  }

  shutdown(): void {
    this.#stop();
  }

  #keyOf(subject: SilenceSubject): string | undefined {
    if (subject.key === undefined && subject.token === undefined) return undefined;
    if (!this.#silenceKey) throw noRegisters(subject.token === undefined ? 'registers' : 'tokens');
    return this.#silenceKey(subject);
  }
}

function noRegisters(what: string): SynodError {
  return new SynodError('invalid_argument', `this server has no ${what}: only all of it can be silent`);
}
