import { Option, type Command } from 'commander';
import { addressPattern, quote } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import { loadRegisterConfig } from '@synod/tokens';
import { exitCodeHelp } from '../exit-codes.js';
import { milliseconds } from './arguments.js';
import type { ServerTarget, Target } from './target.js';

/** The flags of every command that makes one request. */
export interface RequestChoices {
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Seconds on the command line, milliseconds here. */
  readonly timeout: number;
  readonly json: boolean;
}

/** Those that name a cluster. */
export interface ClusterChoices {
  readonly connect: string | undefined;
  readonly config: string | undefined;
}

/** Those of one that goes to exactly one server, or to the right one of a cluster. */
export interface TargetChoices extends RequestChoices, ClusterChoices {}

/** The longest time a request may take: a day. */
const maxTimeout = 86_400;
const defaultTimeout = 10;

/** The flags of a command that goes to exactly one server. */
export function withServer(command: Command): Command {
  return command
    .option('--host <host>', 'exactly this server, with --port: one request, no other server, no retry')
    .option('--port <port>', 'its port')
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the answer')
        .argParser(milliseconds({ least: 0.001, most: maxTimeout }))
        .default(defaultTimeout * 1000, String(defaultTimeout)),
    )
    .option('--json', 'print the answer, or the failure, as one JSON object', false)
    .addHelpText('after', exitCodeHelp);
}

/** The flags of a command that goes to exactly one server, or to the right one of a cluster. */
export function withTarget(command: Command): Command {
  return withServer(command)
    .addOption(
      new Option('--connect <host:port,…>', 'some servers of a cluster: the right one is found').conflicts([
        'host',
        'port',
        'config',
      ]),
    )
    .addOption(
      new Option('--config <file>', 'the cluster of a cluster.yaml or token scheme: the right one is found').conflicts([
        'host',
        'port',
      ]),
    );
}

/** Rejects with `SynodError` `invalid_argument` or `config`. */
export async function targetIn(choices: TargetChoices): Promise<Target> {
  const { host, port, connect, config, timeout: timeoutMs } = choices;
  if (connect !== undefined) return { kind: 'cluster', servers: addressesIn(connect), timeoutMs };
  if (config !== undefined) {
    const { id: cluster, servers } = await loadRegisterConfig(config);
    return { kind: 'cluster', cluster, servers: servers.map(({ id, address }) => ({ id, address })), timeoutMs };
  }
  if (host === undefined && port === undefined) {
    throw wrong('a server is needed: --host and --port, or --connect or --config for the right one of a cluster');
  }
  return { kind: 'server', ...serverIn(choices) };
}

/** Throws `SynodError` `invalid_argument`. */
export function serverIn({ host, port, timeout: timeoutMs }: RequestChoices): ServerTarget {
  if (host === undefined) throw wrong('--host: is missing, for example --host 127.0.0.1');
  if (port === undefined) throw wrong('--port: is missing, for example --port 8000');
  if (!isAddress(`127.0.0.1:${port}`)) throw wrong(`--port: ${quote(port)} is not a port from 1 to 65535`);
  const address = `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
  if (!isAddress(address)) throw wrong(`--host: ${quote(host)} is not a host, for example 127.0.0.1`);
  return { address, timeoutMs };
}

/** What `--connect` says. Throws `SynodError` `invalid_argument`. */
export function addressesIn(list: string): string[] {
  const addresses = list.split(',').map((address) => address.trim());
  const bad = addresses.find((address) => !isAddress(address));
  if (bad === undefined) return addresses;
  throw wrong(`--connect: ${quote(bad)} is not host:port, for example 127.0.0.1:8000,127.0.0.1:8001`);
}

function isAddress(text: string): boolean {
  return addressPattern.test(text);
}

function wrong(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
