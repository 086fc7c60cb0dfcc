import type { CommandRow } from '../commands.js';

/** One way to go on with a line. */
export interface Candidate {
  /** The whole line with it. */
  readonly line: string;
  /** What it looks like in the list. */
  readonly label: string;
  readonly about: string;
  /** It can not be used here. */
  readonly isUnavailable: boolean;
}

/** Words that the terminal itself understands, whatever the cluster serves. */
const ownWords = [
  { name: 'help', about: 'every key and command' },
  { name: 'quit', about: 'stop what was started here, and leave' },
] as const;

/** How a line can go on: commands by name or number, then what their arguments can be. */
export function complete(line: string, rows: readonly CommandRow[]): readonly Candidate[] {
  const words = wordsOf(line);
  const typed = words.at(-1)!;
  if (words.length === 1) return [...commandsFor(typed, rows), ...ownWordsFor(typed)];
  const command = commandNamed(words[0]!, rows);
  if (!command) return [];
  const start = line.slice(0, line.length - typed.length);
  return command
    .choices(words.length - 2)
    .filter((choice) => startsWith(choice, typed.replace(/^"/, '')))
    .map((choice) => ({ line: start + quoted(choice), label: choice, about: '', isUnavailable: false }));
}

/** Words stand between spaces and commas, or in double quotes; the last one is what is being typed, which may be nothing. */
function wordsOf(line: string): string[] {
  const words = line.match(/"[^"]*"?|[^\s,]+/g) ?? [];
  return words.length === 0 || /[\s,]$/.test(line.replace(/"[^"]*"?/g, 'x')) ? [...words, ''] : words;
}

function quoted(choice: string): string {
  return /[\s,]/.test(choice) ? `"${choice}"` : choice;
}

/** The command of this name or number, case ignored. */
export function commandNamed(word: string, rows: readonly CommandRow[]): CommandRow | undefined {
  const wanted = word.replace(/\.$/, '').toLowerCase();
  return rows.find(({ number, name }) => String(number) === wanted || name.toLowerCase() === wanted);
}

/** Those that begin so, then those that contain it: `balance` finds `PrintBalance`. */
function commandsFor(typed: string, rows: readonly CommandRow[]): Candidate[] {
  const byNumber = rows.filter(({ number }) => typed !== '' && String(number) === typed.replace(/\.$/, ''));
  const beginning = rows.filter(({ name }) => startsWith(name, typed));
  const containing = rows.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
  return [...new Set([...byNumber, ...beginning, ...containing])].map((row) => ({
    line: row.choices(0).length > 0 || row.usage !== row.name ? `${row.name} ` : row.name,
    label: `${row.number === undefined ? ' ' : String(row.number)} ${row.usage}`,
    about: row.unavailable ?? row.summary,
    isUnavailable: row.unavailable !== undefined,
  }));
}

function ownWordsFor(typed: string): Candidate[] {
  return ownWords
    .filter(({ name }) => startsWith(name, typed))
    .map(({ name, about }) => ({ line: name, label: `  ${name}`, about, isUnavailable: false }));
}

function startsWith(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase());
}
