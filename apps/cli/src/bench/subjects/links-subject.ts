import { ByteReader, ByteWriter, type NodeId, type Outgoing } from '@synod/kernel';
import { GrpcHost, PeerLinks, type MessageCodec } from '@synod/transport/server';
import type { ServerAddress } from '@synod/transport/client';
import { Findings } from '../findings.js';
import type { Ended, Subject, Verification } from '../subject.js';

export interface LinksTask {
  readonly kind: 'links';
  readonly self: NodeId;
  readonly servers: readonly ServerAddress[];
  readonly valueBytes: number;
}

interface Ping {
  readonly number: number;
  readonly isEcho: boolean;
  readonly content: Uint8Array;
}

const codec: MessageCodec<Ping> = {
  encode: ({ number, isEcho, content }) => new ByteWriter().number(number).boolean(isEcho).bytes(content).finish(),
  decode: (bytes) => {
    const reader = new ByteReader(bytes);
    return { number: reader.number(), isEcho: reader.boolean(), content: reader.bytes() };
  },
};

/** One node of those that are linked. It sends back what the others send; under load it sends to each in turn. */
export class LinksSubject implements Subject {
  readonly #links: PeerLinks<Ping>;
  readonly #host: GrpcHost;
  readonly #peers: readonly NodeId[];
  readonly #content: Uint8Array;
  readonly #waiting = new Map<number, Ended>();
  readonly #findings = new Findings();
  readonly #allUp: Promise<void>;
  #outgoing: Outgoing<Ping>[] = [];
  #next = 0;

  static async open(task: LinksTask): Promise<LinksSubject> {
    const { self, servers } = task;
    const links = new PeerLinks<Ping>({
      self,
      cluster: 'bench',
      fingerprint: 'bench',
      peers: new Map(servers.map(({ id, address }) => [id, address])),
      codec,
    });
    const { address } = servers.find(({ id }) => id === self)!;
    const subject = new LinksSubject(task, links, await GrpcHost.listen({ address, services: [links.service] }));
    await subject.#allUp;
    return subject;
  }

  private constructor({ self, servers, valueBytes }: LinksTask, links: PeerLinks<Ping>, host: GrpcHost) {
    this.#links = links;
    this.#host = host;
    this.#peers = servers.map(({ id }) => id).filter((id) => id !== self);
    this.#content = Buffer.alloc(valueBytes, 7);
    this.#allUp = new Promise((resolve) => {
      links.start({
        standing: {
          disk: self,
          incarnation: 1n,
          recovered: 0,
          earlier: [],
        },
        greet: () => undefined,
        heard: () => {},
        refused: (reason) => this.#findings.lose(reason),
        deliver: (from, ping) => this.#take(from, ping),
        link: () => {
          if (links.connected.length === this.#peers.length) resolve();
        },
      });
    });
  }

  begin(ended: Ended): void {
    const number = this.#next++;
    this.#waiting.set(number, ended);
    this.#send({
      to: this.#peers[number % this.#peers.length]!,
      message: { number, isEcho: false, content: this.#content },
    });
  }

  async verify(): Promise<Verification> {
    if (this.#links.dropped > 0) this.#findings.lose(`${this.#links.dropped} messages were dropped`);
    return this.#findings.result();
  }

  close(): Promise<void> {
    this.#links.close();
    return this.#host.close(0);
  }

  #take(from: NodeId, { number, isEcho, content }: Ping): void {
    if (!isEcho) return this.#send({ to: from, message: { number, isEcho: true, content } });
    const ended = this.#waiting.get(number);
    this.#waiting.delete(number);
    this.#findings.checked++;
    if (Buffer.compare(content, this.#content) !== 0) this.#findings.lose(`message ${number} came back altered`);
    if (ended) ended('round trip');
    else this.#findings.lose(`message ${number} came back twice`);
  }

  /** All of one turn together, as the loop of a node does it. */
  #send(outgoing: Outgoing<Ping>): void {
    if (this.#outgoing.push(outgoing) > 1) return;
    setImmediate(() => {
      const turn = this.#outgoing;
      this.#outgoing = [];
      this.#links.send(turn, 0); // nothing here is on a disk
    });
  }
}
