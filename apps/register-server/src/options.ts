import { SynodError, type NodeId } from '@synod/kernel';
import type { RunOptions } from '@synod/server';
import type { RegisterConfig, SearchPool } from '@synod/tokens';

export interface RegisterServerOptions extends RunOptions {
  /** What `loadRegisterConfig` of `@synod/tokens` reads from a `cluster.yaml` or a replication scheme. */
  readonly config: RegisterConfig;
  /** Which of its nodes this one is. Default: the one whose address is `listen`. */
  readonly id?: NodeId;
  /** Waits, with an empty data directory, until the operator replaces the node by it. Default false. */
  readonly replacement?: boolean;
  /** The longest range of a token that is searched, the same on all nodes. Default 10,000,000 numbers. */
  readonly maxRange?: bigint;
}

/** Which node the options mean. Throws `SynodError` `config`. */
export function nodeIn({ config, id, listen }: RegisterServerOptions): NodeId {
  if (id !== undefined) return id;
  const own = config.servers.find(({ address }) => address === listen);
  if (own) return own.id;
  const known = config.servers.map(({ address }) => address).join(', ');
  throw new SynodError(
    'config',
    listen === undefined
      ? `--listen: is missing: one of ${known}`
      : `--listen: ${listen} is the address of no node: ${known}`,
  );
}

/** Throws `SynodError` `config` for an initial domain that nobody could search: it would never be written. */
export function checkInitial({ tokens }: RegisterConfig, pool: SearchPool): void {
  for (const { id, initial } of tokens) {
    if (!initial) continue;
    try {
      pool.checkRange(initial.domain.low, initial.domain.high);
    } catch (cause) {
      throw new SynodError('config', `token ${JSON.stringify(id)}: ${(cause as Error).message}`, { cause });
    }
  }
}
