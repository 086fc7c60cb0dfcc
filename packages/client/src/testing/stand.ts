import { RegisterStand, type RegisterStandOptions, type StandNode } from '@synod/transport/testing';
import { connect, type ConnectOptions, type SynodClient } from '../index.js';

/** Registers on three nodes, and clients of them. `one/*` is written by S1, `any/*` by all. */
export interface TestStand {
  readonly stand: RegisterStand;
  readonly client: (options?: Partial<ConnectOptions>) => SynodClient;
  readonly node: (id: string) => StandNode;
}

export const three = ['S1', 'S2', 'S3'];

const registers = [
  { key: 'one/*', writer: 'S1', replicas: three },
  { key: 'any/*', writer: 'any', replicas: three },
  { key: 'pair', writer: 'S2', replicas: ['S2', 'S3'] },
];

/** Makes stands for tests; `afterEach` closes what a test opened, however it ended. */
export function stands(
  afterEach: (close: () => Promise<void>) => void,
): (options?: Partial<RegisterStandOptions>) => Promise<TestStand> {
  const open: RegisterStand[] = [];
  const clients: SynodClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    for (const stand of open.splice(0)) await stand.close();
  });
  return async (options) => {
    const stand = await RegisterStand.serve({ nodes: three, registers, ...options });
    open.push(stand);
    return {
      stand,
      node: (id) => stand.node(id),
      client(given) {
        const client = connect({ servers: stand.addresses, ...given });
        clients.push(client);
        return client;
      },
    };
  };
}

/** Operations of one type that a node was asked for. */
export function asked(node: StandNode, type: string): number {
  return node.commands.filter((command) => command.type === type).length;
}

/** Resolves when a condition holds; looks at every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString();
}
