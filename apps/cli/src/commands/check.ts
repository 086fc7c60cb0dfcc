import type { Command } from 'commander';
import { judgeDump, renderDumpJudgement } from '../check/judge-dump.js';
import { judge } from '../check/judge.js';
import { renderJudgement } from '../check/render-judgement.js';
import { exitCodeOfJudgement, exitCodes, type ExitCode } from '../exit-codes.js';
import { writeFound } from '../write-out.js';
import { wholeNumber } from './arguments.js';

interface CheckChoices {
  /** Dumps of ledgers, not histories. */
  readonly ledger: boolean;
  readonly json: boolean;
  readonly maxSteps: number | undefined;
}

/**
 * `synod check HISTORY…`: whether histories of registers are linearizable, and their tags in order; with `--ledger`
 * whether dumps of ledgers are sound.
 */
export function addCheck(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('check')
    .description('decide whether recorded histories are linearizable, and draw what is not; or audit ledger dumps')
    .argument('<history...>', 'histories (JSON lines), one file each; - reads one from stdin')
    .option('--ledger', 'the files are ledger dumps, as run and torture write them', false)
    .option(
      '--max-steps <n>',
      'how long to search where values were written more than once; beyond: unknown',
      wholeNumber,
    )
    .option('--json', 'print one JSON object a history', false)
    .action(async (histories: readonly string[], choices: CheckChoices) => end(await check(histories, choices)));
}

/** One after the other, each printed when it is decided: a later one that can not be read takes nothing back. */
async function check(files: readonly string[], choices: CheckChoices): Promise<ExitCode> {
  let worst: ExitCode = exitCodes.done;
  for (const file of files) {
    const code = choices.ledger ? await checkDump(file, choices) : await checkHistory(file, choices);
    if (worst !== exitCodes.failed && code !== exitCodes.done) worst = code;
  }
  return worst;
}

async function checkHistory(history: string, { json, maxSteps }: CheckChoices): Promise<ExitCode> {
  const judgement = await judge(history, maxSteps === undefined ? {} : { maxSteps });
  await writeFound(judgement, { json, render: renderJudgement });
  return exitCodeOfJudgement(judgement);
}

async function checkDump(dump: string, { json }: CheckChoices): Promise<ExitCode> {
  const judgement = await judgeDump(dump);
  await writeFound(judgement, { json, render: renderDumpJudgement });
  return judgement.verdict === 'sound' ? exitCodes.done : exitCodes.failed;
}
