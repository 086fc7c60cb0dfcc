import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeAddresses } from '@synod/cluster';
import { startRegisterServer, type RegisterServer, type RegisterServerOptions } from '@synod/register-server';
import { loadRegisterConfig, type RegisterConfig } from '@synod/tokens';
import { RegisterConnection } from '@synod/transport/client';

export interface RegisterServersOptions {
  /** Written by S1, read by S1 and S2; S3 has nothing to do with them. */
  readonly tokens: readonly string[];
}

/**
 * S1, S2 and S3 in this process, in a temporary folder. S1 writes `one/*`, all write `any/*`, S2 writes `pair`, which
 * S3 reads. Only S1 and S2 allow faults.
 */
export class RegisterServers {
  readonly folder: string;
  readonly #config: RegisterConfig;
  readonly #running = new Map<string, RegisterServer>();

  static async start({ tokens }: RegisterServersOptions): Promise<RegisterServers> {
    const folder = await mkdtemp(join(tmpdir(), 'synod-registers-'));
    const addresses = await freeAddresses(3);
    const [writer, reader] = addresses;
    const scheme = tokens.map((token) => ({ token, writer, readers: [reader] }));
    await writeFile(join(folder, 'tokens.yaml'), JSON.stringify(scheme));
    await writeFile(join(folder, 'cluster.yaml'), JSON.stringify(clusterOf(addresses)));
    const servers = new RegisterServers(folder, await loadRegisterConfig(join(folder, 'cluster.yaml')));
    const ids = servers.#config.servers.map(({ id }) => id);
    await Promise.all(ids.map((id) => servers.start(id)));
    await Promise.all(ids.map((id) => servers.ready(id)));
    return servers;
  }

  private constructor(folder: string, config: RegisterConfig) {
    this.folder = folder;
    this.#config = config;
  }

  addressOf(id: string): string {
    return this.#config.servers.find((server) => server.id === id)!.address;
  }

  /** The flags that name exactly this server. */
  at(id: string): string[] {
    const [host, port] = this.addressOf(id).split(':');
    return ['--host', host!, '--port', port!];
  }

  async start(id: string, options: Partial<RegisterServerOptions> = {}): Promise<void> {
    const usual = { config: this.#config, id, dataDirectory: join(this.folder, id), allowFaults: id !== 'S3' };
    this.#running.set(id, await startRegisterServer({ ...usual, ...options }));
  }

  /** Resolves when the server takes part in all it should. */
  async ready(id: string): Promise<void> {
    const calls = new RegisterConnection(this.addressOf(id));
    try {
      for await (const { ready } of calls.watchStatus()) if (ready) return;
    } finally {
      calls.close();
    }
  }

  async stop(id: string): Promise<void> {
    await this.#running.get(id)?.stop();
    this.#running.delete(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function clusterOf(addresses: readonly string[]): object {
  const servers = addresses.map((address, i) => ({ id: `S${i + 1}`, address }));
  const readers = servers.map(({ id }) => id);
  const registers = [
    { key: 'one/*', writer: 'S1', readers },
    { key: 'any/*', writer: 'any', readers },
    { key: 'pair', writer: 'S2', readers: ['S3'] },
  ];
  return { cluster: 'test', servers, registers, tokens: 'tokens.yaml' };
}
