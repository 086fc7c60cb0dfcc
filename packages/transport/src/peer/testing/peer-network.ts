import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Transport } from '@synod/kernel';
import { Station, type TransportNetwork } from '@synod/kernel/testing';
import type { MessageCodec } from '../../codec/message-codec.js';
import { channelOptions, defaultLimits } from '../../host/limits.js';
import type { LinkEvent } from '../link-event.js';
import { PeerLinks, type PeerLinksOptions } from '../peer-links.js';

/** Text as UTF-8. */
export const textCodec: MessageCodec<string> = {
  encode: (message) => Buffer.from(message),
  decode: (bytes) => Buffer.from(bytes).toString(),
};

interface Member {
  readonly address: string;
  readonly server: Server;
  links: PeerLinks<string> | undefined;
}

/** Nodes of one cluster in one process, on real gRPC over the loopback interface. */
export class PeerNetwork implements TransportNetwork {
  /** What the nodes reported, as `S1: link-up …`. */
  readonly reports: { readonly node: string; readonly event: LinkEvent }[] = [];
  readonly #members = new Map<string, Member>();
  readonly #options: (node: string) => Partial<PeerLinksOptions<string>>;
  readonly #watching = new Set<() => void>();

  /** `options`: what one node does differently. */
  static async of(
    nodes: readonly string[],
    options: (node: string) => Partial<PeerLinksOptions<string>> = () => ({}),
  ): Promise<PeerNetwork> {
    const network = new PeerNetwork(options);
    for (const node of nodes) await network.#listen(node, '127.0.0.1:0');
    return network;
  }

  private constructor(options: (node: string) => Partial<PeerLinksOptions<string>>) {
    this.#options = options;
  }

  address(node: string): string {
    return this.#member(node).address;
  }

  links(node: string): PeerLinks<string> {
    return this.#member(node).links!;
  }

  async transport(node: string): Promise<Transport<string>> {
    if (this.#member(node).links !== undefined) await this.#listen(node, this.address(node));
    const { server } = this.#member(node);
    const links = new PeerLinks({
      self: node,
      cluster: 'test',
      fingerprint: 'same',
      peers: new Map([...this.#members].map(([name, { address }]) => [name, address])),
      codec: textCodec,
      report: (event) => this.#reported(node, event),
      ...this.#options(node),
    });
    this.#member(node).links = links;
    server.addService(links.service.definition, links.service.implementation);
    return links;
  }

  /** Starts every node and waits until all are linked. */
  async start(): Promise<Record<string, Station>> {
    const nodes = [...this.#members.keys()];
    const stations: Record<string, Station> = {};
    for (const node of nodes) stations[node] = new Station(node, await this.transport(node));
    await Promise.all(Object.values(stations).map((station) => station.linkedTo(nodes)));
    return stations;
  }

  setLink(a: string, b: string, up: boolean): void {
    for (const [node, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const links = this.links(node);
      const others = links.allowed.filter((name) => name !== peer);
      links.setLinks(up ? [...others, peer] : others);
    }
  }

  leave(node: string): void {
    const { links, server } = this.#member(node);
    links?.close();
    server.forceShutdown();
  }

  close(): void {
    for (const node of this.#members.keys()) this.leave(node);
  }

  /** Waits until a node has reported something of this kind that `matches`. */
  async reported(
    node: string,
    kind: LinkEvent['kind'],
    matches: (message: string) => boolean = () => true,
  ): Promise<LinkEvent> {
    for (;;) {
      const found = this.reports.find(
        (report) => report.node === node && report.event.kind === kind && matches(report.event.message),
      );
      if (found) return found.event;
      await new Promise<void>((resolve) => this.#watching.add(resolve));
    }
  }

  #reported(node: string, event: LinkEvent): void {
    this.reports.push({ node, event });
    for (const look of this.#watching) look();
    this.#watching.clear();
  }

  #member(node: string): Member {
    const member = this.#members.get(node);
    if (member === undefined) throw new Error(`no node ${node}`);
    return member;
  }

  /** The server comes first: all ports must be known before any node's links are made. */
  #listen(node: string, address: string): Promise<void> {
    const server = new Server(channelOptions(defaultLimits));
    return new Promise((resolve, reject) => {
      server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        if (error) return reject(error);
        this.#members.set(node, { address: `127.0.0.1:${port}`, server, links: undefined });
        resolve();
      });
    });
  }
}
