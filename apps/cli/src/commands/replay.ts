import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readSchedule, Tape, type Schedule } from '@synod/simulator';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { inFile } from '../in-file.js';
import { stepThrough } from '../simulate/step-through.js';
import { systemNamed } from '../simulate/systems.js';
import { timelineOf } from '../simulate/timeline-of.js';
import { writeOut } from '../write-out.js';

interface ReplayChoices {
  readonly step: boolean;
  readonly timeline: string | undefined;
}

/** `synod replay TRACE`: a simulated run again, as a whole or step by step. */
export function addReplay(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('replay')
    .description('run a simulated schedule again, exactly as it was')
    .argument('<trace>', 'a schedule, as synod simulate writes it')
    .option('--step', 'walk through it, forwards and backwards', false)
    .option('--timeline <out>', 'write its messages and states as JSON, in the form in which the timeline is exported')
    .action(async (trace: string, choices: ReplayChoices) => end(await replay(trace, choices)));
}

async function replay(path: string, { step, timeline }: ReplayChoices): Promise<ExitCode> {
  const schedule = await load(path);
  const system = systemNamed(schedule.system);
  const tape = new Tape(system, schedule);
  if (timeline !== undefined) await writeFile(timeline, timelineOf(system, schedule, tape));
  if (step) await stepThrough(tape);
  await writeOut(`${tape.violation?.message ?? `${path}: no violation in ${tape.length} steps`}\n`);
  return tape.violation ? exitCodes.failed : exitCodes.done;
}

async function load(path: string): Promise<Schedule> {
  try {
    const schedule = readSchedule(await readFile(path, 'utf8'));
    systemNamed(schedule.system);
    return schedule;
  } catch (error) {
    throw inFile(path, error, 'a schedule');
  }
}
