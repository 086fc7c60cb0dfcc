import type { NodeId, Outgoing } from '../machine.js';
import type { Transport } from '../ports.js';
import type { Standing } from '../standing.js';

/** Longest wait for something that must happen, milliseconds. */
const patienceMs = 10_000;

/** What a station says of its disk, and thinks of those of others. */
export interface StationDisk {
  readonly standing?: Standing;
  /** Why a peer is refused. */
  readonly refuses?: (peer: NodeId) => string | undefined;
}

let openings = 0n;

/** Of a disk that is named after its node, opened once more. */
export function standingOf(node: NodeId): Standing {
  return { disk: `disk of ${node}`, incarnation: ++openings, recovered: 0, earlier: [] };
}

/** One end of a transport under test: starts it and remembers what it told. Waits fail after ten seconds. */
export class Station {
  readonly node: NodeId;
  readonly received: { readonly from: NodeId; readonly message: string }[] = [];
  /** `S2 up`, `S2 down`, in order. */
  readonly linkEvents: string[] = [];
  /** What peers said of their disks as they asked for a link. */
  readonly greetings: { readonly peer: NodeId; readonly standing: Standing }[] = [];
  /** Why peers will not have this one. */
  readonly refusals: string[] = [];
  readonly #transport: Transport<string>;
  readonly #linked = new Set<NodeId>();
  readonly #numbers = new Map<NodeId, number>();
  readonly #waiting = new Set<() => void>();

  constructor(
    node: NodeId,
    transport: Transport<string>,
    { standing = standingOf(node), refuses = () => undefined }: StationDisk = {},
  ) {
    this.node = node;
    this.#transport = transport;
    transport.start({
      standing,
      greet: (peer, greeting) => {
        this.greetings.push({ peer, standing: greeting });
        return refuses(peer);
      },
      heard: (peer, number) => {
        this.#numbers.set(peer, number);
        this.#happened();
      },
      refused: (reason) => {
        this.refusals.push(reason);
        this.#happened();
      },
      deliver: (from, message) => {
        this.received.push({ from, message });
        this.#happened();
      },
      link: (peer, up) => {
        this.linkEvents.push(`${peer} ${up ? 'up' : 'down'}`);
        if (up) this.#linked.add(peer);
        else this.#linked.delete(peer);
        this.#happened();
      },
    });
  }

  /** `number`: how many writes the station claims to hold. */
  send(messages: readonly Outgoing<string>[], number = 0): void {
    this.#transport.send(messages, number);
  }

  announce(number: number): void {
    this.#transport.announce(number);
  }

  /** Waits until the last number heard of a peer is this one. */
  async hears(peer: NodeId, number: number): Promise<void> {
    await this.#until(
      () => this.#numbers.get(peer) === number,
      () => `told ${number} by ${peer}; it was told ${this.#numbers.get(peer)}`,
    );
  }

  /** Waits until a peer has refused this one. */
  async refused(): Promise<void> {
    await this.#until(
      () => this.refusals.length > 0,
      () => 'refused',
    );
  }

  /** Waits until exactly the links to these nodes are up; the station's own name does not count. */
  async linkedTo(nodes: readonly NodeId[]): Promise<void> {
    const wanted = nodes.filter((node) => node !== this.node);
    await this.#until(
      () => this.#linked.size === wanted.length && wanted.every((node) => this.#linked.has(node)),
      () => `linked to ${wanted.join(', ')}; it is linked to ${[...this.#linked].join(', ') || 'nobody'}`,
    );
  }

  /** Waits for that many messages of one node, and returns all that came from it. */
  async receivedFrom(peer: NodeId, count: number): Promise<string[]> {
    const messages = (): string[] => this.received.filter(({ from }) => from === peer).map(({ message }) => message);
    await this.#until(
      () => messages().length >= count,
      () => `given ${count} messages of ${peer}; it has ${messages().length}`,
    );
    return messages();
  }

  #until(holds: () => boolean, description: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`${this.node} was not ${description()}`));
      }, patienceMs);
      this.#waiting.add(look);
      look();
    });
  }

  #happened(): void {
    for (const look of [...this.#waiting]) look();
  }
}
