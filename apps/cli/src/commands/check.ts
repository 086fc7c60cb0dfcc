import type { Command } from 'commander';
import { judge } from '../check/judge.js';
import { renderJudgement } from '../check/render-judgement.js';
import { exitCodeOfJudgement, exitCodes, type ExitCode } from '../exit-codes.js';
import { writeFound } from '../write-out.js';
import { wholeNumber } from './arguments.js';

interface CheckChoices {
  readonly json: boolean;
  readonly maxSteps: number | undefined;
}

/** `synod check HISTORY…`: whether histories of registers are linearizable, and their tags in order. */
export function addCheck(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('check')
    .description('decide whether recorded histories are linearizable, and draw what is not')
    .argument('<history...>', 'histories (JSON lines), one file each; - reads one from stdin')
    .option(
      '--max-steps <n>',
      'how long to search where values were written more than once; beyond: unknown',
      wholeNumber,
    )
    .option('--json', 'print one JSON object a history', false)
    .action(async (histories: readonly string[], choices: CheckChoices) => end(await check(histories, choices)));
}

/** One after the other, each printed when it is decided: a later one that can not be read takes nothing back. */
async function check(histories: readonly string[], { json, maxSteps }: CheckChoices): Promise<ExitCode> {
  let worst: ExitCode = exitCodes.done;
  for (const history of histories) {
    const judgement = await judge(history, maxSteps === undefined ? {} : { maxSteps });
    await writeFound(judgement, { json, render: renderJudgement });
    const code = exitCodeOfJudgement(judgement);
    if (worst !== exitCodes.failed && code !== exitCodes.done) worst = code;
  }
  return worst;
}
