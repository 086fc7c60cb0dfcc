import { SynodError, type SynodClient } from '@synod/client';
import type { Subject } from './workload.js';

/** What the keys of a recording name. */
export type KeyKind = 'register' | 'token';

/** Registers or tokens through the client library. */
export function clientSubject(client: SynodClient, kind: KeyKind): Subject {
  return kind === 'register' ? registerSubject(client) : tokenSubject(client);
}

function registerSubject(client: SynodClient): Subject {
  return {
    async read(key) {
      const { value, tag } = await client.register(key).read();
      return { value: value ? Buffer.from(value).toString() : null, tag };
    },
    write: (key, value) => client.register(key).write(value),
  };
}

/** As short as a search can be: what is checked is the register below. */
const domain = { low: 0n, mid: 1n, high: 2n };

/** A token as a register whose value is the token's name. */
function tokenSubject(client: SynodClient): Subject {
  return {
    async read(id) {
      try {
        const { token, tag } = await client.token(id).read();
        return { value: token.name, tag };
      } catch (error) {
        if (error instanceof SynodError && error.code === 'never_written') return { value: null };
        throw error;
      }
    },
    write: (id, name) => client.token(id).write({ name, domain }),
  };
}
