import type { AccountId } from '../transfer.js';
import type { NodeId } from '@synod/kernel';
import type { CsvRecord } from './csv.js';
import { Names } from './names.js';
import { quote, type Problems } from './problems.js';

/** A command of the menu that may stand in a transaction file. Each takes one argument. */
export interface MenuCommand {
  readonly name: string;
  readonly argument: 'server' | 'account' | 'server or account';
  /** Takes `all` too; it is meant when the argument is left out. */
  readonly all: boolean;
}

/** A command as written in a file, its names resolved. */
export interface FileCommand {
  readonly line: number;
  /** As in `MenuCommand.name`. */
  readonly name: string;
  /** One configured name, `all`, or `account:<name>` where a server has the same name. */
  readonly args: readonly string[];
}

/** The menu without what makes no sense in a file. */
export const menuCommands: readonly MenuCommand[] = [
  { name: 'PrintBalance', argument: 'account', all: true },
  { name: 'PrintLog', argument: 'server', all: true },
  { name: 'PrintDB', argument: 'server', all: true },
  { name: 'Performance', argument: 'server', all: true },
  { name: 'BalanceMap', argument: 'server or account', all: true },
  { name: 'CrashServer', argument: 'server', all: false },
  { name: 'RestartServer', argument: 'server', all: false },
  { name: 'Disconnect', argument: 'server', all: false },
  { name: 'Connect', argument: 'server', all: false },
];

/** Recognises and checks the command rows of one file. */
export class CommandReader {
  readonly #commands: ReadonlyMap<string, MenuCommand>;
  readonly #known: string;
  readonly #names: Readonly<Record<MenuCommand['argument'], Names>>;

  constructor(commands: readonly MenuCommand[], servers: Names, accounts: Names, all: Iterable<NodeId | AccountId>) {
    this.#commands = new Map(commands.map((command) => [command.name.toLowerCase(), command]));
    this.#known = commands.map(({ name }) => name).join(', ');
    this.#names = { server: servers, account: accounts, 'server or account': new Names('server or account', all) };
  }

  /** Whether a row begins with a command, or with a word and so little else that it can be nothing better. */
  recognises({ cells }: CsvRecord): boolean {
    const { word, written } = split(cells);
    if (this.#commands.has(word.toLowerCase()) || isNextIteration(word)) return true;
    return word !== '' && cells[0] !== '' && written.length <= 1 && !/[([]/.test(cells.join());
  }

  /** Reads `PrintLog`, `PrintLog S1` or `PrintLog,S1`; undefined after the reason was added to `problems`. */
  read({ line, cells }: CsvRecord, problems: Problems): FileCommand | undefined {
    const { word, written } = split(cells);
    if (isNextIteration(word)) {
      problems.add(line, 'NextIteration has no place in a file: the next set begins by itself');
      return undefined;
    }
    const command = this.#commands.get(word.toLowerCase());
    if (!command) {
      problems.add(line, `unknown menu command ${quote(word)}: there are ${this.#known}`);
      return undefined;
    }
    const argument = this.#argument(command, written, line, problems);
    return argument === undefined ? undefined : { line, name: command.name, args: [argument] };
  }

  #argument(command: MenuCommand, written: readonly string[], line: number, problems: Problems): string | undefined {
    const [argument = command.all ? 'all' : '', ...tooMany] = written;
    if (argument === '' || tooMany.length > 0) {
      const choice = command.all ? `one ${command.argument} or all` : `one ${command.argument}`;
      problems.add(line, `${command.name} takes ${choice}, not ${written.length} arguments`);
      return undefined;
    }
    if (command.all && argument.toLowerCase() === 'all') return 'all';
    if (command.argument === 'server or account' && /^account:/i.test(argument)) {
      const account = this.#names.account.resolve(argument.slice('account:'.length).trim(), line, problems);
      return account === undefined ? undefined : `account:${account}`;
    }
    return this.#names[command.argument].resolve(argument, line, problems);
  }
}

/** The first word of a row, empty if it begins with anything else, and what follows it. */
function split(cells: readonly string[]): { word: string; written: string[] } {
  const [first = '', ...more] = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const [, word = '', rest = ''] = /^([a-z]\w*)\s*(.*)$/is.exec(first) ?? [];
  return { word, written: rest === '' ? more : [rest, ...more] };
}

function isNextIteration(word: string): boolean {
  return word.toLowerCase() === 'nextiteration';
}
