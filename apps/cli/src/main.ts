import { Command, CommanderError } from 'commander';
import { SynodError } from '@synod/kernel';
import { addBench } from './commands/bench.js';
import { addCheck } from './commands/check.js';
import { addCluster } from './commands/cluster.js';
import { addRecord } from './commands/record.js';
import { addRegister } from './commands/register.js';
import { addReplay } from './commands/replay.js';
import { addRun } from './commands/run.js';
import { addSilence } from './commands/silence.js';
import { addSimulate } from './commands/simulate.js';
import { addToken } from './commands/token.js';
import { addTorture } from './commands/torture.js';
import { addTui } from './commands/tui.js';
import { addUp } from './commands/up.js';
import { addWatch } from './commands/watch.js';
import { exitCodeHelp, exitCodeOf, exitCodes, type ExitCode } from './exit-codes.js';
import { isFailure, tellFailure, writeFailure } from './failure.js';

/** All commands, in the order of `--help`. Each stands in a module of its own: its flags, and what it does. */
const commands = [
  addUp,
  addTui,
  addRun,
  addCheck,
  addRecord,
  addTorture,
  addSimulate,
  addReplay,
  addBench,
  addToken,
  addRegister,
  addWatch,
  addSilence,
  addCluster,
];

/** Runs the `synod` command. Returns its exit code; errors stand on stderr, without stack traces. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const program = new Command('synod')
    .description('Consensus you can embed, run and watch: start, drive and inspect clusters.')
    .exitOverride()
    .showHelpAfterError('(synod --help tells all)')
    .addHelpText('after', exitCodeHelp);
  let code: ExitCode = exitCodes.done;
  for (const add of commands) add(program, (ending) => (code = ending));
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return refuseUsage(error, wantsJson(args));
    if (!isFailure(error)) throw error;
    await tellFailure(error, wantsJson(args));
    return exitCodeOf(error);
  }
}

/** Commander has said on stderr what is wrong, or shown the help that was asked for. */
async function refuseUsage({ exitCode, message }: CommanderError, json: boolean): Promise<ExitCode> {
  if (exitCode === 0) return exitCodes.done;
  if (json) await writeFailure(new SynodError('invalid_argument', message.replace(/^error: /, '')));
  return exitCodes.usage;
}

/** Also where the flags are wrong, so that nothing else would know. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--json');
}
