import type { LedgerProtocol } from '@synod/ledger';

/** Inputs that a failpoint can wait for: every message that arrives, and the commands that change something. */
export const failpointTypes = [
  'prepare',
  'promise',
  'nack',
  'accept',
  'accepted',
  'commit',
  'withdraw',
  'status',
  'fetch',
  'blocks',
  'snapshot',
  'backfill',
  'history',
  'introduce',
  'acquainted',
  'transfer',
  'attempt-queue',
] as const satisfies readonly (
  LedgerProtocol['message']['type'] | Extract<LedgerProtocol['command']['type'], 'transfer' | 'attempt-queue'>
)[];
