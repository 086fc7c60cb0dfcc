import { writeFile } from 'node:fs/promises';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { quote } from '@synod/cluster';
import { faultKinds, missing, writeSchedule, type Coverage, type FaultKind, type PlanOptions } from '@synod/simulator';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { untilSignal } from '../signals.js';
import { simulateSeeds, type SeedRange, type SeedsResult } from '../simulate/seed-pool.js';
import { grouped, renderSimulation, type SimulationReport } from '../simulate/simulation-report.js';
import { systemNamed, systems } from '../simulate/systems.js';
import { writeFound } from '../write-out.js';
import { milliseconds, wholeNumber } from './arguments.js';

interface SimulateChoices {
  readonly seeds: SeedRange;
  readonly servers: number | undefined;
  readonly faults: readonly FaultKind[] | undefined;
  readonly seconds: number | undefined;
  readonly trace: string | undefined;
  readonly json: boolean;
}

/** From so many seeds on, what never occurred is a failure: fewer need not have met everything. */
const seedsThatMeetAll = 100;

/** `synod simulate`: thousands of runs of a whole system under faults, each decided by its seed. */
export function addSimulate(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('simulate')
    .description('run a whole system on simulated time, network and disks, under faults, and judge all it does')
    .addArgument(new Argument('<system>', 'what to simulate').choices(Object.keys(systems)))
    .addOption(
      new Option('--seeds <a..b>', 'which runs: one seed, or a range')
        .argParser(seedRange)
        .default({ from: 1, to: 100 }, '1..100'),
    )
    .addOption(new Option('--servers <n>', 'how many, 2 to 9; default: 3, 4 or 5, by the seed').argParser(servers))
    .addOption(
      new Option('--faults <kinds>', `of ${faultKinds.join(', ')}; default: all that the system survives`).argParser(
        faults,
      ),
    )
    .addOption(
      new Option('--seconds <n>', 'how long each run is, simulated; default 30').argParser(
        milliseconds({ least: 30, most: 3600 }),
      ),
    )
    .option('--trace <out>', 'where the schedule of a violation goes; without one, that of the first seed')
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (system: string, choices: SimulateChoices) => end(await simulate(system, choices)));
}

async function simulate(name: string, choices: SimulateChoices): Promise<ExitCode> {
  const { seeds: range, servers: nodes, faults, seconds: forMs, json } = choices;
  const options = { nodes, faults, forMs };
  const began = performance.now();
  const progress = (coverage: Coverage): void => tellProgress(coverage, range, began);
  const result = await simulateSeeds(name, range, options, { interrupted: untilSignal(), progress });
  clearProgress();
  const report = await reportOf(name, choices, options, result, (performance.now() - began) / 1000);
  await writeFound(report, { json, render: renderSimulation });
  return report.violation || report.never.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** Writes the schedule where it belongs. */
async function reportOf(
  name: string,
  { seeds: range, trace }: SimulateChoices,
  options: PlanOptions,
  { coverage, violation }: SeedsResult,
  seconds: number,
): Promise<SimulationReport> {
  const system = systemNamed(name);
  const file = trace ?? `synod-${name}-${violation?.seed}.json`;
  if (violation) await writeFile(file, writeSchedule(violation.schedule));
  else if (trace) await writeFile(trace, writeSchedule(system.plan(range.from, options)));
  const isWhole = !violation && coverage.seeds >= seedsThatMeetAll;
  const found = violation && { ...violation, file, replay: `synod replay ${file}` };
  const never = isWhole ? missing(coverage, system, options.faults) : [];
  return { system: name, range, seconds, ...coverage, never, violation: found };
}

function tellProgress({ seeds }: Coverage, { from, to }: SeedRange, began: number): void {
  if (!process.stderr.isTTY) return;
  const perSecond = Math.round(seeds / ((performance.now() - began) / 1000));
  process.stderr.write(
    `\r\u001b[K${grouped(seeds)} of ${grouped(to - from + 1)} seeds, ${grouped(perSecond)} a second`,
  );
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

function seedRange(text: string): SeedRange {
  const [first = '', last = first, ...more] = text.split('..');
  const [from, to] = [wholeNumber(first), wholeNumber(last)];
  if (more.length > 0 || from > to)
    throw new InvalidArgumentError('One seed or a range is needed, for example 1..10000.');
  return { from, to };
}

function servers(text: string): number {
  const count = wholeNumber(text);
  if (count < 2 || count > 9) throw new InvalidArgumentError('From 2 to 9.');
  return count;
}

function faults(text: string): readonly FaultKind[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  const strange = kinds.find((kind) => !(faultKinds as readonly string[]).includes(kind));
  if (strange !== undefined) throw new InvalidArgumentError(`${quote(strange)} is none of ${faultKinds.join(', ')}.`);
  return kinds as FaultKind[];
}
