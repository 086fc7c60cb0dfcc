import { createRequire } from 'node:module';
import { SynodError } from '@synod/kernel';
import { Command, CommanderError, Option } from 'commander';
import { logLevels, type LogLevel } from './log.js';

/** What the command line says. */
export interface Arguments {
  readonly config: string;
  readonly id: string;
  readonly data: string;
  readonly listen: string | undefined;
  readonly allowFaults: boolean;
  readonly failpoint: readonly string[];
  readonly queueRounds: 'automatic' | 'on-request';
  readonly links: 'all' | 'none';
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
}

/** Returns undefined if help or the version was asked for, and printed. Throws `SynodError` `config`. */
export function parseArguments(argv: readonly string[]): Arguments | undefined {
  try {
    return command().parse(argv, { from: 'user' }).opts<Arguments>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new SynodError('config', error.message.replace(/^error: /, ''), { cause: error });
  }
}

function command(): Command {
  return new Command('synod-paxos-server')
    .description('One server of a replicated bank ledger.')
    .version(version())
    .requiredOption('--config <file>', 'cluster.yaml: the servers and accounts of the cluster')
    .requiredOption('--id <server>', 'which of its servers this one is')
    .requiredOption('--data <directory>', 'where the store and the log are; made if absent')
    .option('--listen <host:port>', 'address to bind instead of the one in cluster.yaml')
    .option('--allow-faults', 'let the admin service lose messages and kill at failpoints', false)
    .option('--failpoint <name[:hits]>', 'arm a failpoint from the start; can be repeated', gather, [])
    .addOption(
      new Option('--queue-rounds <when>', 'who starts rounds for pending transfers')
        .choices(['automatic', 'on-request'])
        .default('automatic'),
    )
    .addOption(new Option('--links <which>', 'peers to be linked to at first').choices(['all', 'none']).default('all'))
    .addOption(new Option('--log-level <level>', 'what is logged').choices(logLevels).default('info'))
    .option('--quiet', 'log to the file alone, not to standard output', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} }); // main says it, in one line
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function version(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  return version;
}
