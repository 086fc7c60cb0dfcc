import type { NodeId, Outgoing } from '../machine.js';
import type { Transport } from '../ports.js';

/** Longest wait for something that must happen, milliseconds. */
const patienceMs = 10_000;

/** One end of a transport under test: starts it and remembers what it told. Waits fail after ten seconds. */
export class Station {
  readonly node: NodeId;
  readonly received: { readonly from: NodeId; readonly message: string }[] = [];
  /** `S2 up`, `S2 down`, in order. */
  readonly linkEvents: string[] = [];
  readonly #transport: Transport<string>;
  readonly #linked = new Set<NodeId>();
  readonly #waiting = new Set<() => void>();

  constructor(node: NodeId, transport: Transport<string>) {
    this.node = node;
    this.#transport = transport;
    transport.start({
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

  send(messages: readonly Outgoing<string>[]): void {
    this.#transport.send(messages);
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
