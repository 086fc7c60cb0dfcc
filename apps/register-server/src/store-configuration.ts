import type { StoreConfiguration } from '@synod/server';
import type { RegisterConfig } from '@synod/tokens';

/** The store of a node: replica sets are kept with the registers themselves, and compared by the machine. */
export function storeConfiguration({ servers }: RegisterConfig): StoreConfiguration {
  return {
    format: 'register-1',
    configuration: servers.map(({ id }) => id).join('\n'),
    difference: () => undefined,
    whenDamaged:
      'Remove the data directory and start the node again: it copies its registers from its peers, of which all must run.',
  };
}
