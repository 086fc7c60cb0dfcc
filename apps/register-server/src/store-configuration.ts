import type { StoreConfiguration } from '@synod/server';
import type { RegisterConfig } from '@synod/tokens';

/** The store of a node: replica sets are kept with the registers themselves, and compared by the machine. */
export function storeConfiguration({ servers }: RegisterConfig): StoreConfiguration {
  return {
    format: 'register-1',
    configuration: servers.map(({ id }) => id).join('\n'),
    difference: () => undefined,
  };
}
