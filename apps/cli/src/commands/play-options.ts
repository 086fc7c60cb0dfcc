import { Option, type Command } from 'commander';
import type { ShortPolicy } from '@synod/ledger';
import type { RunOptions } from '../run-setup.js';
import { amount, wholeNumber } from './arguments.js';

/** How a file is played. */
export interface PolicyChoices {
  readonly short: ShortPolicy;
  readonly concurrent: boolean;
}

/** What `synod up` and `synod run` are asked for. */
export interface PlayChoices extends RunOptions, PolicyChoices {}

/** The file and the flags that `synod up` and `synod run` share. */
export function withPlayOptions(command: Command): Command {
  return withPolicy(command)
    .argument('[file]', 'transaction file (CSV); default: test.csv in this folder, then the bundled example')
    .option('--servers <n>', 'how many servers, S1 to Sn, each the home of one account of its name', wholeNumber)
    .option('--config <cluster.yaml>', 'servers, accounts and balances from a file')
    .option('--initial <amount>', 'what every account starts with', amount)
    .option('--data <dir>', 'keep the data here, and go on with what is there already');
}

/** The flags that say how a file is played. */
export function withPolicy(command: Command): Command {
  return command
    .addOption(
      new Option('--short <policy>', 'a transfer that stays short waits, or is refused')
        .choices(['queue', 'reject'])
        .default('queue'),
    )
    .option('--concurrent', 'accounts in parallel, each in its own order; not reproducible', false);
}
