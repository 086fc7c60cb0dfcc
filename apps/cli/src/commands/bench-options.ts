import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import { readSources, type ReadSource } from '@synod/client';
import { SynodError } from '@synod/kernel';
import {
  benchSystems,
  ledgerLoads,
  writerChoices,
  type BenchPlan,
  type BenchSystem,
  type LedgerLoad,
  type WriterChoice,
} from '../bench/plan.js';
import { share, wholeNumberFrom } from './arguments.js';
import { addressesIn } from './target-options.js';

/** What `synod bench` is asked for. */
export interface BenchChoices {
  readonly servers: number | undefined;
  readonly connect: readonly string[] | undefined;
  readonly embedded: boolean;
  readonly inFlight: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly clients: number;
  readonly rate: number | undefined;
  readonly unary: boolean;
  readonly keys: number | undefined;
  readonly readShare: number;
  readonly readFrom: ReadSource;
  readonly valueBytes: number;
  readonly writer: WriterChoice;
  readonly load: LedgerLoad;
  readonly seed: number | undefined;
  readonly data: string | undefined;
  readonly json: boolean;
}

const defaultServers: Record<BenchSystem, number> = { register: 3, ledger: 5, paxos: 3, storage: 1, transport: 3 };
const defaultKeys: Record<BenchSystem, number> = {
  register: 10_000,
  ledger: 50,
  paxos: 1,
  storage: 10_000,
  transport: 1,
};

export function withBenchOptions(command: Command): Command {
  return command
    .addArgument(new Argument('<system>', 'what to measure').choices(benchSystems))
    .addOption(option('--servers <n>', 'how many servers; default 3, of the ledger 5', 1, 99))
    .addOption(
      new Option('--connect <host:port,…>', 'register: on servers that run already')
        .argParser(addressesIn)
        .conflicts(['servers', 'embedded', 'data']),
    )
    .addOption(new Option('--embedded', 'register: replicas in one process, instead of servers').default(false))
    .addOption(option('--in-flight <n>', 'operations under way at a time', 1, 100_000).default(64))
    .addOption(option('--seconds <n>', 'for how long it is measured', 1, 3600).default(5))
    .addOption(option('--warm-up <seconds>', 'for how long it runs before that', 0, 3600).default(5))
    .addOption(option('--clients <n>', 'client processes', 1, 99).default(1))
    .addOption(
      option(
        '--rate <n>',
        'arrivals a second, whatever was answered; default: one begins when one ends',
        1,
        10_000_000,
      ),
    )
    .addOption(
      new Option('--unary', 'register: one call an operation, instead of a session')
        .conflicts(['connect', 'embedded'])
        .default(false),
    )
    .addOption(
      option('--keys <n>', 'register, storage: keys, default 10000; ledger: accounts, default 50', 1, 10_000_000),
    )
    .addOption(
      new Option('--read-share <part>', 'register: the part that is reads, 0 to 1').argParser(share).default(0),
    )
    .addOption(
      new Option('--read-from <whom>', 'register: reads ask one server, or the replicas themselves')
        .choices(readSources)
        .conflicts(['embedded', 'unary'])
        .default('server'),
    )
    .addOption(option('--value-bytes <n>', 'size of a value', 1, 1_000_000).default(16))
    .addOption(
      new Option('--writer <who>', 'register: any server writes any key, each its own, or one all')
        .choices(writerChoices)
        .default('any'),
    )
    .addOption(
      new Option('--load <kind>', 'ledger: money suffices, is often short, or goes around')
        .choices(ledgerLoads)
        .default('covered'),
    )
    .addOption(option('--seed <n>', 'of keys and amounts; default: a random one', 0, 2 ** 32))
    .option('--data <dir>', 'where the data goes for the time of the run; default: the temporary folder')
    .option('--json', 'print one JSON object on stdout', false);
}

/** Throws `SynodError` `config` for what does not go together. */
export function planOf(system: BenchSystem, choices: BenchChoices): BenchPlan {
  const { servers, keys, warmUp: warmUpSeconds, seed, data, ...rest } = choices;
  const { connect, embedded, unary, inFlight, clients, valueBytes } = rest;
  if (system !== 'register') {
    const flag = connect ? 'connect' : embedded ? 'embedded' : unary ? 'unary' : undefined;
    if (flag) throw new SynodError('config', `--${flag}: is for registers`);
  }
  if (inFlight < clients)
    throw new SynodError('config', `--in-flight: ${inFlight} for ${clients} clients: one for each at least`);
  if (system === 'paxos' && valueBytes > 128) throw new SynodError('config', '--value-bytes: entries have 1 to 128');
  return {
    system,
    ...rest,
    servers: servers ?? defaultServers[system],
    keys: keys ?? defaultKeys[system],
    warmUpSeconds,
    seed: seed ?? randomInt(2 ** 32),
    data: data === undefined ? undefined : resolve(data),
  };
}

function option(flags: string, description: string, least: number, most: number): Option {
  return new Option(flags, description).argParser(wholeNumberFrom(least, most));
}
