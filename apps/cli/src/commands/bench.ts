import type { Command } from 'commander';
import type { BenchReport } from '../bench/bench-report.js';
import type { BenchSystem } from '../bench/plan.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { untilSignal } from '../signals.js';
import { writeFound } from '../write-out.js';
import { planOf, withBenchOptions, type BenchChoices } from './bench-options.js';

/** `synod bench`: how much a cluster of real processes does on this machine, and whether it keeps what it says. */
export function addBench(program: Command, end: (code: ExitCode) => void): void {
  withBenchOptions(program.command('bench'))
    .description('measure a cluster of real processes on real disks, and look whether it lost anything')
    .action(async (system: BenchSystem, choices: BenchChoices) => end(await bench(system, choices)));
}

async function bench(system: BenchSystem, choices: BenchChoices): Promise<ExitCode> {
  const plan = planOf(system, choices);
  // What it takes is of no use to any other command.
  const { runBench } = await import('../bench/run-bench.js');
  const { renderReport } = await import('../bench/render-report.js');
  const command = ['synod', ...process.argv.slice(2)].join(' ');
  const tell = (line: string) => void process.stderr.write(`${line}\n`);
  const report = await runBench({ plan, command, interrupted: untilSignal(), tell });
  await writeFound<BenchReport>(report, { json: choices.json, render: renderReport });
  return report.verified.lost.length === 0 ? exitCodes.done : exitCodes.failed;
}
