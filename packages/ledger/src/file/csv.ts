import { CsvError, parse } from 'csv-parse/sync';
import type { Problems } from './problems.js';

/** The cells of one row. */
export interface CsvRecord {
  /** The physical line where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Each resumption reads the rest of the file again. */
const resumptionsAtMost = 20;

/**
 * Splits a file into rows and cells; blank lines are rows too. A row whose quotes do not match is a problem of the
 * line where it begins, and reading goes on at the line after that one: an open quote hides no other mistake.
 */
export function readRecords(text: string, problems: Problems): CsvRecord[] {
  const records: CsvRecord[] = [];
  // Spreadsheets leave tabs, no-break spaces and a byte order mark where people see a space or nothing.
  let rest = text.replace(/\r\n?/g, '\n').replace(/[^\S\n]+/g, ' ');
  let first = 1;
  for (let resumption = 0; resumption <= resumptionsAtMost; resumption++) {
    const bad = readUntilBad(rest, first, records);
    if (bad === undefined) return records;
    problems.add(
      bad,
      'a quote is left open or stands inside a cell: quote whole cells, as in 1,"(S1, S3, 45)","[S1, S2, S3]"',
    );
    rest = afterLines(rest, bad - first + 1);
    first = bad + 1;
  }
  problems.add(first, 'too many rows with broken quotes: the rest of the file was not read');
  return records;
}

/** Appends rows to `records`; returns the line of the first that can not be split, or undefined at the end. */
function readUntilBad(text: string, firstLine: number, records: CsvRecord[]): number | undefined {
  let line = firstLine;
  try {
    parse(text, {
      recordDelimiter: '\n',
      relaxColumnCount: true,
      trim: true,
      onRecord: (cells: string[], { lines }) => {
        records.push({ line, cells });
        line = firstLine + lines; // `lines` is the last physical line of this row, in `text`
        return null;
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return line;
  }
}

function afterLines(text: string, count: number): string {
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = text.indexOf('\n', at);
    if (end === -1) return '';
    at = end + 1;
  }
  return text.slice(at);
}
