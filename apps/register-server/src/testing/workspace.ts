import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstReport, newPlace, ServerWorkspace, type Successor } from '@synod/server/testing';
import { loadRegisterConfig } from '@synod/tokens';
import { ServerConnection, type RegisterReport } from '@synod/transport/client';
import { startRegisterServer, type RegisterServer, type RegisterServerOptions } from '../index.js';

const bin = fileURLToPath(new URL('../../bin/synod-register-server.js', import.meta.url));

/** The access points of a cluster's nodes, S1 first. */
type Addresses = readonly string[];

export interface Layout {
  /** How many nodes there are. Default 3. */
  readonly nodes?: number;
  /** The text of the replication scheme. Default: 101, written at S1, and 102, written at S2 and read at S1. */
  readonly tokens?: (addresses: Addresses) => string;
}

function usualTokens([s1, s2, ...others]: Addresses): string {
  return `
- { token: 101, writer: "${s1}", readers: ${JSON.stringify([s2, ...others])} }
- { token: 102, writer: "${s2}", readers: ["${s1}"] }
`;
}

/** A cluster of nodes with registers `config/*`, written at S1, and `shared`, written anywhere, and with tokens. */
export class Workspace extends ServerWorkspace {
  readonly #connections = new Map<string, ServerConnection>();

  static async make({ nodes = 3, tokens = usualTokens }: Layout = {}): Promise<Workspace> {
    const readers = Array.from({ length: nodes }, (_, i) => `S${i + 1}`);
    const registers = [
      { key: 'config/*', writer: 'S1', readers },
      { key: 'shared', writer: 'any', readers },
    ];
    const workspace = new Workspace(await newPlace(nodes, { registers, tokens: 'tokens.yaml' }), bin);
    const addresses = workspace.cluster.servers.map(({ address }) => address);
    await writeFile(join(workspace.directory, 'tokens.yaml'), tokens(addresses));
    return workspace;
  }

  get ids(): string[] {
    return this.cluster.servers.map(({ id }) => id);
  }

  /** A node in this process. */
  async start(id: string, options: Partial<RegisterServerOptions> = {}): Promise<RegisterServer> {
    const config = await loadRegisterConfig(this.configFile);
    const server = await startRegisterServer({ config, id, dataDirectory: this.dataOf(id), ...options });
    this.keep({ close: () => server.stop() });
    return server;
  }

  /** All nodes, once they take part. */
  async startAll(options: Partial<RegisterServerOptions> = {}): Promise<void> {
    await Promise.all(this.ids.map((id) => this.start(id, options)));
    await this.untilUp(...this.ids);
  }

  /** All services of one node. */
  at(id: string): ServerConnection {
    const connection =
      this.#connections.get(id) ?? this.keep(new ServerConnection(this.addressOf(id), { cluster: this.cluster.id }));
    this.#connections.set(id, connection);
    return connection;
  }

  /** The first report of a node that is as wanted, from when it can be reached. */
  until(id: string, wanted: (report: RegisterReport) => boolean): Promise<RegisterReport> {
    return firstReport((options) => this.at(id).registers.watchStatus(options), wanted);
  }

  /** They take part, and those of them that share a register are linked to one another. */
  async untilUp(...ids: string[]): Promise<void> {
    const isUp = ({ ready, peers }: RegisterReport): boolean =>
      ready && peers.every(({ node, linked }) => linked || !ids.includes(node));
    await Promise.all(ids.map((id) => this.until(id, isUp)));
  }

  async untilTakesPart({ calls }: Successor): Promise<void> {
    await firstReport(
      (options) => calls.registers.watchStatus(options),
      ({ ready }) => ready,
    );
  }

  /** All keys of the cells that a node holds. */
  async keysAt(id: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.at(id).registers.cells()) keys.push(key);
    return keys.sort();
  }
}

/** A token's value in tests: the golden one of its domain. */
export const abc = { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } } as const;

export const abcStates = {
  partial: { x: 4n, hash: 2207634929195471568n },
  final: { x: 15n, hash: 902613196918738813n },
} as const;
