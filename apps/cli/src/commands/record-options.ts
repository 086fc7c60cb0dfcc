import { InvalidArgumentError, Option, type Command } from 'commander';
import { quote } from '@synod/cluster';
import { faultClassNames, type FaultClass } from '../nemesis/fault.js';
import { share, wholeNumber, wholeNumberFrom } from './arguments.js';
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
    .addOption(new Option('--servers <n>', 'how many servers to start').argParser(wholeNumberFrom(1, 99)).default(3))
    .addOption(
      new Option('--connect <host:port,…>', 'work on a cluster that runs, instead of starting one')
        .argParser(addressesIn)
        .conflicts(['servers', 'faults']),
    )
    .addOption(
      new Option('--clients <n>', 'how many work at the same time').argParser(wholeNumberFrom(1, 10_000)).default(16),
    )
    .addOption(new Option('--keys <n>', 'on how many keys').argParser(wholeNumberFrom(1, 10_000)).default(5))
    .addOption(new Option('--seconds <n>', 'for how long').argParser(wholeNumberFrom(1, 86_400)).default(10))
    .addOption(new Option('--read-share <part>', 'the part that is reads, 0 to 1').argParser(share).default(0.5))
    .addOption(
      new Option('--rate <n>', 'at most so many operations a second; default: no limit').argParser(
        wholeNumberFrom(1, 1_000_000),
      ),
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

export function faultsIn(text: string): readonly FaultClass[] {
  if (text === 'all') return faultClassNames;
  const kinds = text.split(',').map((kind) => kind.trim());
  const strange = kinds.find((kind) => !(faultClassNames as readonly string[]).includes(kind));
  if (strange !== undefined) {
    throw new InvalidArgumentError(`${quote(strange)} is none of ${faultClassNames.join(', ')}, or all.`);
  }
  return kinds as FaultClass[];
}
