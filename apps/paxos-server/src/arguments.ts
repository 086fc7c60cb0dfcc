import { defaultLimits } from '@synod/paxos';
import { parseFlags, type ServerFlags } from '@synod/server';
import { InvalidArgumentError, Option } from 'commander';

export const program = 'synod-paxos-server';

/** What the command line says. */
export interface Arguments extends ServerFlags {
  readonly id: string;
  readonly queueRounds: 'automatic' | 'on-request';
  readonly snapshotEntries: number;
  readonly replacement: boolean;
}

/** Returns undefined if help or the version was asked for, and printed. Throws `SynodError` `config`. */
export function parseArguments(argv: readonly string[]): Arguments | undefined {
  return parseFlags<Arguments>(argv, {
    name: program,
    description: 'One server of a replicated bank ledger.',
    configuration: 'cluster.yaml: the servers of the cluster, and what they start with',
    manifest: new URL('../package.json', import.meta.url),
    own: [
      new Option('--id <server>', 'which of its servers this one is').makeOptionMandatory(),
      new Option('--queue-rounds <when>', 'who starts rounds for pending transfers')
        .choices(['automatic', 'on-request'])
        .default('automatic'),
      new Option('--snapshot-entries <number>', 'who lacks more is sent a snapshot')
        .argParser(wholeNumber)
        .default(defaultLimits.snapshotEntries),
      new Option(
        '--replacement',
        'wait, on an empty data directory, to be accepted in the place of that server',
      ).default(false),
    ],
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('A whole number from 0 on is needed.');
}
