import { randomInt } from 'node:crypto';
import { Argument, Option, type Command } from 'commander';
import { SynodError } from '@synod/kernel';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { faultClassNames, type FaultClass } from '../nemesis/fault.js';
import { untilSignal } from '../signals.js';
import { tortureLedger } from '../torture/ledger-torture.js';
import { tortureRegisters } from '../torture/register-torture.js';
import { renderReport } from '../torture/render-report.js';
import type { TortureVerdict } from '../torture/report.js';
import { writeFound } from '../write-out.js';
import { wholeNumber, wholeNumberFrom } from './arguments.js';
import { faultsIn } from './record-options.js';

interface TortureChoices {
  readonly servers: number;
  readonly seconds: number;
  readonly faults: readonly FaultClass[];
  readonly rate: number | undefined;
  readonly history: string | undefined;
  readonly dump: string | undefined;
  readonly seed: number | undefined;
  readonly json: boolean;
}

/** Each with what clients saw, the option that says where it goes, and a rate that two cores can bear. */
const systems = {
  register: { torture: tortureRegisters, output: 'history', other: 'dump', perSecond: 200 },
  ledger: { torture: tortureLedger, output: 'dump', other: 'history', perSecond: 60 },
} as const;

/** `synod torture register|ledger`: real servers under clients and all faults at once, and a verdict. */
export function addTorture(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('torture')
    .description('kill, pause, silence and cut off real servers under clients, take their disks away, and judge them')
    .addArgument(new Argument('<system>', 'what the servers serve').choices(Object.keys(systems)))
    .addOption(new Option('--servers <n>', 'how many servers to start').argParser(wholeNumberFrom(3, 9)).default(3))
    .addOption(new Option('--seconds <n>', 'for how long').argParser(wholeNumberFrom(1, 86_400)).default(60))
    .addOption(
      new Option('--faults <kinds>', `what is done to the servers: ${faultClassNames.join(', ')}, or all`)
        .argParser(faultsIn)
        .default(faultClassNames, 'all'),
    )
    .addOption(
      new Option('--rate <n>', 'at most so many operations a second; default: 200, of a ledger 60').argParser(
        wholeNumberFrom(1, 100_000),
      ),
    )
    .option('--history <out>', 'where the history of registers goes (JSON lines)')
    .option('--dump <out>', 'where the dump of a ledger goes (JSON)')
    .option('--seed <n>', 'of operations and faults; default: a random one, which is told', wholeNumber)
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (system: keyof typeof systems, choices: TortureChoices) => end(await torture(system, choices)));
}

async function torture(system: keyof typeof systems, choices: TortureChoices): Promise<ExitCode> {
  const { torture: run, output, other, perSecond } = systems[system];
  if (choices[other] !== undefined) {
    throw new SynodError(
      'invalid_argument',
      `--${other}: a torture of a ${system} writes a ${output}: --${output} OUT`,
    );
  }
  const { servers, seconds, faults: classes, rate = perSecond, seed = randomInt(2 ** 32), json } = choices;
  const began = performance.now();
  const tell = (line: string): void => {
    const at = ((performance.now() - began) / 1000).toFixed(1).padStart(7);
    process.stderr.write(`${at}  ${line}\n`);
  };
  tell(`${system}, ${servers} servers, ${seconds} s, faults ${classes.join(',')}, seed ${seed}`);
  const report = await run({
    ...{ servers, seconds, classes, perSecond: rate, seed, tell },
    output: choices[output],
    interrupted: untilSignal(),
  });
  await writeFound(report, { json, render: renderReport });
  return exitCodeOfVerdict[report.verdict];
}

const exitCodeOfVerdict: Readonly<Record<TortureVerdict, ExitCode>> = {
  good: exitCodes.done,
  violated: exitCodes.failed,
  incomplete: exitCodes.failed,
  unknown: exitCodes.unknown,
};
