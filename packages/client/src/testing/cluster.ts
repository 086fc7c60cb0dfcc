import type { GrpcHost } from '@synod/transport/server';
import { Bank, serveBank } from '@synod/transport/testing';
import { connect, type ConnectOptions, type SynodClient } from '../index.js';

/** Banks that know one another's accounts, each served on a port of its own, and clients of them. */
export interface TestCluster {
  readonly banks: readonly Bank[];
  readonly addresses: readonly string[];
  /** Stops one server, at once. */
  readonly stop: (index: number) => Promise<void>;
  /** Serves it again at the same address. */
  readonly start: (index: number) => Promise<void>;
  readonly client: (options?: Partial<ConnectOptions>) => SynodClient;
}

/** Makes clusters for tests; `afterEach` closes what a test opened, however it ended. */
export function clusters(afterEach: (close: () => Promise<void>) => void): (size?: number) => Promise<TestCluster> {
  const hosts = new Set<GrpcHost>();
  const clients: SynodClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    for (const host of hosts) await host.close(1);
    hosts.clear();
  });
  return async (size = 3) => {
    const names = Array.from({ length: size }, (_, i) => `S${i + 1}`);
    const homes = Object.fromEntries(names.map((name) => [name, name]));
    const banks = names.map((server) => new Bank({ server, homes }));
    const running = await Promise.all(banks.map((bank) => serveBank(bank)));
    for (const host of running) hosts.add(host);
    const addresses = running.map(({ address }) => address);
    return {
      banks,
      addresses,
      async stop(index) {
        const host = running[index]!;
        hosts.delete(host);
        await host.close(1);
      },
      async start(index) {
        running[index] = await serveBank(banks[index]!, { address: addresses[index]! });
        hosts.add(running[index]);
      },
      client(options) {
        const client = connect({ servers: addresses, ...options });
        clients.push(client);
        return client;
      },
    };
  };
}
