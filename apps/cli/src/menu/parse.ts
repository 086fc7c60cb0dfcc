import { SynodError, type NodeId } from '@synod/kernel';
import type { AccountId } from '@synod/ledger';
import { commands, usage, type Argument, type Command, type CommandOptions } from './commands.js';

/** A line of the menu, understood. */
export type ParsedLine =
  | { readonly kind: 'command'; readonly command: Command; readonly target: string; readonly options: CommandOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' };

/** The names a line may use. */
export interface KnownNames {
  readonly servers: readonly NodeId[];
  readonly accounts: readonly AccountId[];
}

/** Understands a line of the menu. Throws `SynodError` `invalid_argument` that says what would have been right. */
export function parseLine(line: string, names: KnownNames): ParsedLine {
  const words = line
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const json = words.some((word) => word.toLowerCase() === '--json');
  const [first, ...rest] = words.filter((word) => word.toLowerCase() !== '--json');
  if (first === undefined) return { kind: 'nothing' };
  const word = first.replace(/\.$/, '').toLowerCase();
  if (word === 'help' || word === '?') return { kind: 'help' };
  if (word === 'quit' || word === 'exit' || word === 'q') return { kind: 'quit' };
  const command = commands.find(({ number, name }) => String(number) === word || name.toLowerCase() === word);
  if (!command) throw invalid(`unknown command ${quote(first)}: a number from 1 to 7, ${commandNames().join(', ')}`);
  return { kind: 'command', command, target: targetOf(command, rest, names), options: { json } };
}

function targetOf(command: Command, words: readonly string[], names: KnownNames): string {
  const [word, ...more] = words;
  if (command.argument === undefined) {
    if (word !== undefined) throw invalid(`${command.name} takes no argument, not ${quote(words.join(' '))}`);
    return '';
  }
  const choices = `${list(choicesOf(command.argument, names))}${command.all ? ', or all' : ''}`;
  if (word === undefined) throw invalid(`usage: ${usage(command)} (${choices})`);
  if (more.length > 0) throw invalid(`${command.name} takes one name, not ${quote(words.join(' '))}: ${choices}`);
  if (command.all && word.toLowerCase() === 'all') return 'all';
  return resolve(command.argument, word, names, choices);
}

function resolve(argument: Argument, word: string, names: KnownNames, choices: string): string {
  if (argument === 'server or account' && /^account:/i.test(word)) {
    const { accounts } = names;
    return `account:${resolve('account', word.slice('account:'.length), names, list(accounts))}`;
  }
  const found = find(word, choicesOf(argument, names));
  if (found === undefined) throw invalid(`there is no ${argument} ${quote(word)}: ${choices}`);
  const isAccountAlone = argument === 'server or account' && !names.servers.includes(found);
  return isAccountAlone ? `account:${found}` : found;
}

function choicesOf(argument: Argument, { servers, accounts }: KnownNames): readonly string[] {
  if (argument === 'server') return servers;
  if (argument === 'account') return accounts;
  return [...new Set([...servers, ...accounts])];
}

function find(written: string, names: readonly string[]): string | undefined {
  return names.find((name) => name === written) ?? names.find((name) => name.toLowerCase() === written.toLowerCase());
}

function commandNames(): string[] {
  return [...commands.map(({ name }) => name), 'help', 'quit'];
}

/** Long lists are cut: they are for reading. */
function list(names: readonly string[]): string {
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 10).join(', ')}, … (${names.length})`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function invalid(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
