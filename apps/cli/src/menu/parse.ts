import { SynodError } from '@synod/kernel';
import { shownName } from '../answers/one-line.js';
import { usage, type Argument, type Command, type CommandOptions } from './command.js';
import { commands } from './commands.js';
import { choicesFor, find, runs, type ArgumentKind, type KnownNames, type System } from './known-names.js';

/** A line of the menu, understood. */
export type ParsedLine =
  | {
      readonly kind: 'command';
      readonly command: Command;
      /** One for each argument of the command; undefined for one that was left out. */
      readonly values: readonly (string | undefined)[];
      readonly options: CommandOptions;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' };

/** Understands a line of the menu. Throws `SynodError` `invalid_argument` that says what would have been right. */
export function parseLine(line: string, names: KnownNames): ParsedLine {
  const words = wordsOf(line);
  const json = words.some(isJsonFlag);
  const [first, ...rest] = words.filter((word) => !isJsonFlag(word));
  if (first === undefined) return { kind: 'nothing' };
  const word = first.replace(/\.$/, '').toLowerCase();
  if (word === 'help' || word === '?') return { kind: 'help' };
  if (word === 'quit' || word === 'exit' || word === 'q') return { kind: 'quit' };
  const command = commands.find(({ number, name }) => String(number) === word || name.toLowerCase() === word);
  if (!command) throw unknownCommand(first, names);
  if (!runs(command.of, names)) throw absent(command.name, command.of!, names);
  return { kind: 'command', command, values: valuesOf(command, rest, names), options: { json } };
}

function absent(name: string, system: System, { hints }: KnownNames): SynodError {
  const what = system === 'ledger' ? 'the ledger, which does not run here' : 'registers, which do not run here';
  const hint = hints?.[system];
  return invalid(`${name} needs ${what}${hint === undefined ? '' : `: ${hint}`}`);
}

/** Words stand between spaces and commas, or in double quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"(?![^\s,])|[^\s,]+/g)].map(([word, quoted]) => quoted ?? word);
}

function isJsonFlag(word: string): boolean {
  return word.toLowerCase() === '--json';
}

function valuesOf(command: Command, words: readonly string[], names: KnownNames): (string | undefined)[] {
  const expected = command.arguments;
  const [alone] = expected;
  if (alone === undefined) {
    if (words.length > 0) throw invalid(`${command.name} takes no argument, not ${quote(words.join(' '))}`);
    return [];
  }
  const least = expected.filter(({ optional }) => !optional).length;
  if (words.length < least) throw invalid(`usage: ${usageWithChoices(command, names)}`);
  if (words.length > expected.length) {
    const taken = expected.length === 1 ? `one name` : `at most ${expected.length} arguments`;
    const right = expected.length === 1 ? choiceText(alone, names) : usageWithChoices(command, names);
    throw invalid(`${command.name} takes ${taken}, not ${quote(words.join(' '))}: ${right}`);
  }
  return expected.map((argument, i) => (words[i] === undefined ? undefined : valueOf(argument, words[i], names)));
}

function valueOf(argument: Argument, word: string, names: KnownNames): string {
  const { kind, all } = argument;
  if (kind === 'text') return word;
  if (all && word.toLowerCase() === 'all') return 'all';
  if (kind === 'server or account' && /^account:/i.test(word)) {
    return `account:${valueOf({ kind: 'account', shown: '' }, word.slice('account:'.length), names)}`;
  }
  const found = find(word, kind, names);
  if (found === undefined)
    throw invalid(`there is no ${noun(kind, names)} ${quote(word)}: ${choiceText(argument, names)}`);
  const isAccountAlone = kind === 'server or account' && !names.ledger?.servers.includes(found);
  return isAccountAlone ? `account:${found}` : found;
}

/** Which servers are meant is said where there are two kinds of them. */
function noun(kind: ArgumentKind, { ledger, registers }: KnownNames): string {
  return ledger && registers ? kind : kind.replace(/^(ledger|register) /, '');
}

/** `PrintLog <server> or all (S1, S2, S3, or all)` */
function usageWithChoices(command: Command, names: KnownNames): string {
  const named = command.arguments.filter(({ kind }) => kind !== 'text');
  const choices = named.map((argument) => choiceText(argument, names));
  return `${usage(command)} (${choices.join('; ')})`;
}

function choiceText(argument: Argument, names: KnownNames): string {
  return `${list(choicesFor(argument.kind, names))}${argument.all ? ', or all' : ''}`;
}

function unknownCommand(word: string, names: KnownNames): SynodError {
  const usable = commands.filter((command) => runs(command.of, names));
  const numbers = names.ledger ? 'a number from 1 to 7' : 'a number of the menu';
  const choices = [...usable.map(({ name }) => name), 'help', 'quit'];
  return invalid(`unknown command ${quote(word)}: ${numbers}, ${choices.join(', ')}`);
}

/** As they can be typed. Long lists are cut: they are for reading. */
function list(names: readonly string[]): string {
  if (names.length === 0) return 'there is none';
  const shown = names
    .slice(0, names.length <= 12 ? 12 : 10)
    .map(shownName)
    .join(', ');
  return names.length <= 12 ? shown : `${shown}, … (${names.length})`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function invalid(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}
