import type { CsvRecord } from './csv.js';
import { quote, type Problems } from './problems.js';

/** A transfer as written. */
export interface WrittenTransfer {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
}

/** One row of a set, its names and numbers still as written. */
export interface SetRow {
  readonly line: number;
  /** Empty: the set of the row before. */
  readonly set: string;
  readonly transfers: readonly WrittenTransfer[];
  /** Undefined: not given in this row. */
  readonly live: readonly string[] | undefined;
}

const shape = 'write 1,"(S1, S3, 45)","[S1, S2, S3]" or 1,S1,S3,45,S1,S2,S3';

/**
 * Reads one row that is neither blank, header nor command. What can not be read is added to `problems`; what can be is
 * returned, so that it is checked too, or undefined if the row looks like nothing.
 *
 * The cells are looked at as one text, joined by commas: then `1,(S1,S3,45),[S1,S2]`, which CSV splits at every comma,
 * is the same row as its quoted form, because parentheses and brackets alone tell where its parts end.
 */
export function readSetRow({ line, cells }: CsvRecord, problems: Problems): SetRow | undefined {
  const text = cells.join(',');
  const open = text.indexOf('(');
  if (open === -1) return readFlatRow(text, line, problems);
  const bracket = text.indexOf('[', open);
  const close = bracket === -1 ? text.lastIndexOf(')') + 1 || text.length : bracket;
  return {
    line,
    set: readSet(text.slice(0, open).replace(/[\s,]+$/, ''), line, problems),
    transfers: readParenthesised(text.slice(open, close), line + newlines(text, 0, open), problems),
    live: readLive(text.slice(close), line, problems),
  };
}

/** `set,from,to,amount,live,…`; or `set,,[live]`, a set that moves no money. */
function readFlatRow(text: string, line: number, problems: Problems): SetRow | undefined {
  const bracket = text.indexOf('[');
  const cells = (bracket === -1 ? text : text.slice(0, bracket)).split(',').map((cell) => cell.trim());
  const [set = '', from = '', to = '', amount = '', ...names] = cells;
  const transfer = from !== '' && to !== '' && amount !== '';
  const movesNothing = bracket !== -1 && from + to + amount === '';
  if (!transfer && !movesNothing) {
    problems.add(line, `this row can not be read: ${shape}`);
    if (!isSetNumber(set)) return undefined;
  }
  return {
    line,
    set: readSet(set, line, problems),
    transfers: transfer ? [{ line, from, to, amount }] : [],
    live: readLive(names.join(',') + (bracket === -1 ? '' : text.slice(bracket)), line, problems),
  };
}

function readSet(written: string, line: number, problems: Problems): string {
  const set = written.trim();
  if (!isSetNumber(set)) problems.add(line, `set ${quote(set)} is not a whole number: ${shape}`);
  return set;
}

function isSetNumber(written: string): boolean {
  return /^\d*$/.test(written);
}

/** `(S1, S3, 45)`, several of them separated by line breaks, `;` or `,`. */
function readParenthesised(body: string, line: number, problems: Problems): WrittenTransfer[] {
  const transfers: WrittenTransfer[] = [];
  let at = 0;
  let itsLine = line;
  for (const match of body.matchAll(/\(([^()]*)\)/g)) {
    if (/[^\s;,]/.test(body.slice(at, match.index))) break;
    itsLine += newlines(body, at, match.index);
    at = match.index + match[0].length;
    const parts = match[1]!.split(',');
    if (parts.length === 3) {
      const [from, to, amount] = parts.map((part) => part.trim()) as [string, string, string];
      transfers.push({ line: itsLine, from, to, amount });
    } else {
      problems.add(itsLine, `${quote(match[0])} is not a transaction: write (from, to, amount), as in (S1, S3, 45)`);
    }
    itsLine += newlines(match[0], 0, match[0].length);
  }
  const rest = body.slice(at).search(/[^\s;,]/);
  if (rest !== -1) problems.add(itsLine + newlines(body, at, at + rest), `this row can not be read: ${shape}`);
  return transfers;
}

/** `[S1, S2]`, or `S1,S2` where blank cells only pad the row. */
function readLive(written: string, line: number, problems: Problems): string[] | undefined {
  const text = written.replace(/^[\s,;]+/, '').replace(/[\s,]+$/, '');
  if (text === '') return undefined;
  const names = (list: string) => list.split(',').map((name) => name.trim());
  const bracketed = /^\[([^[\]]*)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.trim() === '' ? [] : names(bracketed);
  if (/[[\]]/.test(text)) problems.add(line, `${quote(text)} is not a list of live servers: write [S1, S2, S3]`);
  return names(text.replace(/[[\]]/g, ',')).filter((name) => name !== '');
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
