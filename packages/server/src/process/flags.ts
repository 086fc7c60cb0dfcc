import { readFileSync } from 'node:fs';
import { SynodError } from '@synod/kernel';
import { Command, CommanderError, Option } from 'commander';
import { logLevels, type LogLevel } from '../observation/log.js';
import type { RunOptions } from '../options.js';

/** What every server's command line says. */
export interface ServerFlags {
  readonly config: string;
  readonly data: string;
  readonly listen: string | undefined;
  readonly allowFaults: boolean;
  readonly failpoint: readonly string[];
  readonly links: 'all' | 'none';
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
}

/** The command of one application. */
export interface ServerCommand {
  readonly name: string;
  readonly description: string;
  /** What its configuration file is. */
  readonly configuration: string;
  /** Its package.json, for the version. */
  readonly manifest: URL;
  /** The flags that only this command has. */
  readonly own: readonly Option[];
}

/**
 * Reads the flags of all servers and those of this command, which are `Own`. Returns undefined if help or the version
 * was asked for, and printed. Throws `SynodError` `config`.
 */
export function parseFlags<Own>(argv: readonly string[], command: ServerCommand): (ServerFlags & Own) | undefined {
  try {
    return parserOf(command).parse(argv, { from: 'user' }).opts<ServerFlags & Own>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new SynodError('config', error.message.replace(/^error: /, ''), { cause: error });
  }
}

/** The options that the flags of all servers stand for. */
export function runOptions({ data, listen, allowFaults, failpoint, links, logLevel, quiet }: ServerFlags): RunOptions {
  return { dataDirectory: data, listen, allowFaults, failpoints: failpoint, links, logLevel, console: !quiet };
}

function parserOf({ name, description, configuration, manifest, own }: ServerCommand): Command {
  const parser = new Command(name)
    .description(description)
    .version(versionIn(manifest))
    .requiredOption('--config <file>', configuration);
  for (const option of own) parser.addOption(option);
  return parser
    .requiredOption('--data <directory>', 'where the store and the log are; made if absent')
    .option('--listen <host:port>', 'address to bind instead of the configured one')
    .option(
      '--allow-faults',
      'let the admin service lose messages, silence the server and kill it at failpoints',
      false,
    )
    .option('--failpoint <name[:hits]>', 'arm a failpoint from the start; can be repeated', gather, [])
    .addOption(new Option('--links <which>', 'peers to be linked to at first').choices(['all', 'none']).default('all'))
    .addOption(new Option('--log-level <level>', 'what is logged').choices(logLevels).default('info'))
    .option('--quiet', 'log to the file alone, not to standard output', false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} }); // runServer says it, in one line
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function versionIn(manifest: URL): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
