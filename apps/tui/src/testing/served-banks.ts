import { connect, type ConnectOptions, type SynodClient } from '@synod/client';
import type { NodeDescription } from '@synod/transport/server';
import { Bank, serveBank, type cleanup } from '@synod/transport/testing';

type Host = Awaited<ReturnType<typeof serveBank>>;

/** A bank that knows where the others are. */
class PlacedBank extends Bank {
  places: NodeDescription['servers'] = [];

  override get description(): NodeDescription {
    return { ...super.description, servers: this.places };
  }
}

/** Banks served over gRPC, each on a port of its own, of which each tells of all. */
export interface ServedBanks {
  readonly banks: readonly Bank[];
  readonly addresses: readonly string[];
  readonly client: (options?: Partial<ConnectOptions>) => SynodClient;
  /** Stops one server, at once. */
  readonly stop: (index: number) => Promise<void>;
  /** Serves it again at the same address. */
  readonly start: (index: number) => Promise<void>;
  /** Serves it somewhere else, which the others are told; returns where. */
  readonly move: (index: number) => Promise<string>;
}

/** Makes them for tests; `afterEach` closes what a test opened, however it ended. */
export function servedBanks(keep: ReturnType<typeof cleanup>): (size: number) => Promise<ServedBanks> {
  return async (size) => {
    const names = Array.from({ length: size }, (_, i) => `S${i + 1}`);
    const homes = Object.fromEntries(names.map((name) => [name, name]));
    const banks = names.map((server) => new PlacedBank({ server, homes }));
    const hosts: (Host | undefined)[] = await Promise.all(banks.map((bank) => serveBank(bank)));
    const addresses = hosts.map((host) => host!.address);
    for (const bank of banks) bank.places = names.map((id, i) => ({ id, address: addresses[i]! }));
    const stop = async (index: number): Promise<void> => {
      await hosts[index]?.close(1);
      hosts[index] = undefined;
    };
    keep({ close: () => Promise.all(hosts.map((_, index) => stop(index))) });
    return {
      banks,
      addresses,
      client: (options) => keep(connect({ servers: addresses, ...options })),
      stop,
      async start(index) {
        hosts[index] = await serveBank(banks[index]!, { address: addresses[index]! });
      },
      async move(index) {
        const { address } = (hosts[index] = await serveBank(banks[index]!));
        const places = names.map((id, i) => ({ id, address: i === index ? address : addresses[i]! }));
        for (const bank of banks) bank.places = places;
        return address;
      },
    };
  };
}
