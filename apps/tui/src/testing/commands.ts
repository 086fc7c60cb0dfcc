import type { CommandOutcome, CommandRow, Commands } from '../commands.js';
import { commandNamed } from '../input/completion.js';
import { five } from './bank.js';

const row = (number: number | undefined, name: string, argument: string, summary: string): CommandRow => ({
  number,
  name,
  usage: argument === '' ? name : `${name} ${argument}`,
  summary,
  unavailable: undefined,
  choices: (at) => (argument === '' || at > 0 ? [] : [...five, ...(argument.includes('all') ? ['all'] : [])]),
});

/** A table like that of the line menu. */
export const rows: readonly CommandRow[] = [
  row(1, 'PrintBalance', '<client> or all', 'the spendable balance of an account on its home server'),
  row(2, 'PrintLog', '<server> or all', 'the local log of a server, and what is pending'),
  row(3, 'PrintDB', '<server> or all', 'the committed blocks of a server'),
  row(4, 'Performance', '<server> or all', 'figures per RPC method and per transfer'),
  row(5, 'NextIteration', '', 'play the next set of the file'),
  row(6, 'CrashServer', '<server>', 'kill the process of a server (SIGKILL)'),
  row(7, 'BalanceMap', '<server>', 'every account as a server knows it'),
  row(undefined, 'RestartServer', '<server>', 'start a crashed server on its data'),
  row(undefined, 'Disconnect', '<server>', 'cut the links of a server to all others, until Connect or the next set'),
  row(undefined, 'Connect', '<server>', 'link a server to all others that are connected'),
];

/** Commands that do nothing but note that they were given. */
export class NotedCommands implements Commands {
  readonly given: string[] = [];
  readonly rows: readonly CommandRow[];
  /** What the next ones find. */
  outcome: CommandOutcome = { failed: false, lines: ['done'] };

  constructor(table: readonly CommandRow[] = rows) {
    this.rows = table;
  }

  check(line: string): { readonly ok: boolean; readonly text: string } {
    const [word = '', target] = line.split(/\s+/);
    const command = commandNamed(word, this.rows);
    if (!command) return { ok: false, text: `unknown command "${word}": a number from 1 to 7, or a name` };
    if (command.unavailable !== undefined) return { ok: false, text: command.unavailable };
    const choices = command.choices(0);
    if (choices.length > 0 && target === undefined) return { ok: false, text: `usage: ${command.usage}` };
    if (target !== undefined && !choices.includes(target))
      return { ok: false, text: `there is no "${target}": ${choices.join(', ')}` };
    return { ok: true, text: command.summary };
  }

  async run(line: string): Promise<CommandOutcome> {
    this.given.push(line);
    return this.outcome;
  }
}
