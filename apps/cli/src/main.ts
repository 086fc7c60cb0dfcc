import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { SynodError } from '@synod/kernel';
import { run, type RunChoices } from './run.js';
import { up, type PlayChoices } from './up.js';

/** Exit codes of `synod`. */
export const exitCodes = {
  done: 0,
  /** It could not be done, or not to its end. */
  failed: 1,
  /** A flag, a configuration or a transaction file is wrong: nothing was started. */
  usage: 2,
} as const;

/** Runs the `synod` command. Returns its exit code; errors stand on stderr, without stack traces. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('synod')
    .description('Consensus you can embed, run and watch: start, drive and inspect clusters.')
    .exitOverride()
    .showHelpAfterError('(synod --help tells all)');
  withPlayOptions(program.command('up'))
    .description('start a cluster of real processes and the menu; input that ends at once plays all sets')
    .argument('[file]', 'transaction file (CSV); default: test.csv in this folder, then the bundled example')
    .action((file: string | undefined, options: PlayChoices) => up(file, options));
  withPlayOptions(program.command('run'))
    .description('play all sets of a transaction file without questions')
    .argument('[file]', 'transaction file (CSV); default: test.csv in this folder, then the bundled example')
    .option('--json', 'print the run result as JSON on stdout, everything else on stderr', false)
    .option('--dump <out>', 'write the ledger of every server, and what clients were told, as JSON')
    .action((file: string | undefined, options: RunChoices) => run(file, options));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof SynodError || isSystemError(error))) throw error;
    process.stderr.write(`synod: ${error.message}\n`);
    return error.code === 'config' || error.code === 'invalid_argument' ? exitCodes.usage : exitCodes.failed;
  }
}

function withPlayOptions(command: Command): Command {
  return command
    .option('--servers <n>', 'how many servers, S1 to Sn, each the home of one account of its name', wholeNumber)
    .option('--config <cluster.yaml>', 'servers, accounts and balances from a file')
    .option('--initial <amount>', 'what every account starts with', amount)
    .addOption(
      new Option('--short <policy>', 'a transfer that stays short waits, or is refused')
        .choices(['queue', 'reject'])
        .default('queue'),
    )
    .option('--concurrent', 'accounts in parallel, each in its own order; not reproducible', false)
    .option('--data <dir>', 'keep the data here, and go on with what is there already');
}

/** A file or folder that can not be made, read or written: its message names it. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

function amount(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 to 2^64-1 is needed.');
  return BigInt(text);
}
