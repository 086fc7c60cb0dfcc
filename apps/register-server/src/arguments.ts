import { SynodError } from '@synod/kernel';
import { parseFlags, type ServerFlags } from '@synod/server';
import { parseUint64 } from '@synod/tokens';
import { Option } from 'commander';

export const program = 'synod-register-server';

/** What the command line says. */
export interface Arguments extends ServerFlags {
  readonly id: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly maxRange: bigint | undefined;
  readonly replacement: boolean;
}

/** Returns undefined if help or the version was asked for, and printed. Throws `SynodError` `config`. */
export function parseArguments(argv: readonly string[]): Arguments | undefined {
  return parseFlags<Arguments>(argv.map(longName), {
    name: program,
    description: 'One node of replicated registers and tokens.',
    configuration: 'cluster.yaml, or a token replication scheme: who holds which registers and tokens',
    manifest: new URL('../package.json', import.meta.url),
    own: [
      new Option('--id <node>', 'which of its nodes this one is; by default the one of the address to bind'),
      new Option('--host <host>', 'with --port, the same as --listen; also written -ip').conflicts('listen'),
      new Option('--port <port>', 'with --host, the same as --listen').conflicts('listen'),
      new Option('--max-range <numbers>', 'the longest range of a token; the same on all nodes').argParser(readRange),
      new Option('--replacement', 'wait, on an empty data directory, to be accepted in the place of that node').default(
        false,
      ),
    ],
  });
}

/** What the flags say of the address to bind, `host:port`. Throws `SynodError` `config`. */
export function addressIn({ listen, host, port }: Arguments): string | undefined {
  if ((host === undefined) !== (port === undefined)) {
    throw new SynodError('config', `--${host === undefined ? 'host' : 'port'}: is missing beside the other`);
  }
  return host === undefined ? listen : `${bracketed(host)}:${port}`;
}

/** An IPv6 address beside a port stands in brackets. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** `-ip` is what the command is known by elsewhere; commander takes one letter behind one dash. */
function longName(argument: string): string {
  return argument === '-ip' ? '--host' : argument;
}

function readRange(text: string): bigint {
  const range = asUint64(text);
  if (range === 0n) throw new SynodError('config', '--max-range: is 0: no token has so short a range');
  return range;
}

function asUint64(text: string): bigint {
  try {
    return parseUint64(text, '--max-range');
  } catch (cause) {
    throw new SynodError('config', (cause as Error).message, { cause });
  }
}
