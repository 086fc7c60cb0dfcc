import { randomBytes } from 'node:crypto';
import { SynodError } from '@synod/kernel';
import { ServerConnection, type RegisterLayout } from '@synod/transport/client';
import type { KeyKind } from './client-subject.js';

/** Keys of a cluster that runs, to be worked on. */
export interface FoundKeys {
  readonly kind: KeyKind;
  readonly keys: readonly string[];
  /** Those of them that may hold something already. */
  readonly used: readonly string[];
}

/** How long a server may take to say what it holds. */
const patienceMs = 3000;

/**
 * Asks one of these servers after the other which registers there are, and takes `count` keys of those, new ones where
 * there are patterns; where there are only tokens, up to `count` of these. Rejects with `SynodError`.
 */
export async function findKeys(addresses: readonly string[], count: number): Promise<FoundKeys> {
  return keysIn(await firstLayout(addresses), count, randomBytes(4).toString('hex'));
}

/** `run`: a name that no other recording on this cluster has. */
export function keysIn({ registers, tokens }: RegisterLayout, count: number, run: string): FoundKeys {
  if (registers.length === 0) {
    const ids = tokens.slice(0, count).map(({ id }) => id);
    return { kind: 'token', keys: ids, used: ids };
  }
  const patterns = registers.filter(({ key }) => key.endsWith('*'));
  const single = registers.map(({ key }) => key).filter((key) => !key.endsWith('*'));
  const used = single.slice(0, patterns.length === 0 ? count : Math.floor(count / 2));
  const fresh = Array.from({ length: patterns.length === 0 ? 0 : count - used.length }, (_, i) => {
    return `${patterns[i % patterns.length]!.key.slice(0, -1)}record-${run}-${i + 1}`;
  });
  return { kind: 'register', keys: [...used, ...fresh], used };
}

async function firstLayout(addresses: readonly string[]): Promise<RegisterLayout> {
  let problem: SynodError | undefined;
  for (const address of addresses) {
    const server = new ServerConnection(address);
    try {
      return await server.registers.layout({ timeoutMs: patienceMs });
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      problem ??= error.code === 'refused' ? new SynodError('config', `${address} serves no registers`) : error;
    } finally {
      server.close();
    }
  }
  throw problem ?? new SynodError('invalid_argument', 'no server to connect to');
}
