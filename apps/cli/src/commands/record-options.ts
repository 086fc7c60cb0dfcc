import { InvalidArgumentError, Option, type Command } from 'commander';
import { quote } from '@synod/cluster';
import { faultClassNames, type FaultClass } from '../nemesis/fault.js';
import { wholeNumber } from './arguments.js';
import { addressesIn } from './target-options.js';

/** What `synod record` is asked for. */
export interface RecordChoices {
  readonly history: string;
  readonly servers: number;
  readonly connect: readonly string[] | undefined;
  readonly clients: number;
  readonly keys: number;
  readonly seconds: number;
  readonly readShare: number;
  /** Operations a second; undefined: as many as there can be. */
  readonly rate: number | undefined;
  /** Empty: none. */
  readonly faults: readonly FaultClass[];
  readonly seed: number | undefined;
  readonly check: boolean;
  readonly json: boolean;
}

export function withRecordOptions(command: Command): Command {
  return command
    .requiredOption('--history <out>', 'where the history goes (JSON lines)')
    .addOption(new Option('--servers <n>', 'how many servers to start').argParser(from(1, 99)).default(3))
    .addOption(
      new Option('--connect <host:port,…>', 'work on a cluster that runs, instead of starting one')
        .argParser(addressesIn)
        .conflicts(['servers', 'faults']),
    )
    .addOption(new Option('--clients <n>', 'how many work at the same time').argParser(from(1, 10_000)).default(16))
    .addOption(new Option('--keys <n>', 'on how many keys').argParser(from(1, 10_000)).default(5))
    .addOption(new Option('--seconds <n>', 'for how long').argParser(from(1, 86_400)).default(10))
    .addOption(new Option('--read-share <part>', 'the part that is reads, 0 to 1').argParser(share).default(0.5))
    .addOption(
      new Option('--rate <n>', 'at most so many operations a second; default: no limit').argParser(from(1, 1_000_000)),
    )
    .addOption(
      new Option('--faults <kinds>', `what to do to a minority of the servers: ${faultClassNames.join(', ')}, or all`)
        .argParser(faultsIn)
        .default([], 'none'),
    )
    .option('--seed <n>', 'of operations and faults; default: a random one, which is told', wholeNumber)
    .option('--no-check', 'leave out the verdict')
    .option('--json', 'print one JSON object on stdout', false);
}

export function from(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = wholeNumber(text);
    if (n < least || n > most) throw new InvalidArgumentError(`From ${least} to ${most}.`);
    return n;
  };
}

function share(text: string): number {
  const part = /^\d(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(part <= 1)) throw new InvalidArgumentError('A number from 0 to 1 is needed, for example 0.5.');
  return part;
}

export function faultsIn(text: string): readonly FaultClass[] {
  if (text === 'all') return faultClassNames;
  const kinds = text.split(',').map((kind) => kind.trim());
  const strange = kinds.find((kind) => !(faultClassNames as readonly string[]).includes(kind));
  if (strange !== undefined) {
    throw new InvalidArgumentError(`${quote(strange)} is none of ${faultClassNames.join(', ')}, or all.`);
  }
  return kinds as FaultClass[];
}
