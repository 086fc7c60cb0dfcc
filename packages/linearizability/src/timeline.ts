import { compareInstants, endOf, type Instant, type Operation, type Value } from './operation.js';

/**
 * Draws operations on a time line, a row per process. Order is true to scale, distances are not: two operations
 * overlap in the picture exactly if neither precedes the other.
 *
 * ```text
 * process 0  ├ write 1 ┤
 * process 1              ├ read null ┤
 * process 2                            ├ write 2 ?
 * ```
 *
 * `┤` ends an operation, `╳` one that failed; `?`: the outcome is unknown, it may happen at any later time. Tags stand
 * behind values, as `(3 S1)`.
 */
export function drawTimeline(operations: readonly Operation[]): string {
  const sorted = operations.toSorted((a, b) => compareInstants(a.start, b.start));
  const columns = layOut(sorted);
  const rows: Row[] = [];
  for (const operation of sorted) {
    const { from } = columns.get(operation)!;
    // Times that are equal overlap in the picture, so one process may need a second row.
    let row = rows.find(({ process, text }) => process === operation.process && text.length < from);
    if (!row) rows.push((row = { process: operation.process, text: '' }));
    row.text = row.text.padEnd(from) + bar(operation, columns.get(operation)!);
  }
  rows.sort((a, b) => (a.process < b.process ? -1 : a.process > b.process ? 1 : 0));
  const width = Math.max(0, ...rows.map(({ process }) => `${process}`.length));
  return rows.map(({ process, text }) => `process ${`${process}`.padStart(width)}  ${text}`).join('\n');
}

interface Row {
  readonly process: Operation['process'];
  text: string;
}

interface Columns {
  readonly from: number;
  to: number;
}

/** Gives every start and end a column, in order of time, as far left as what is written between them allows. */
function layOut(sorted: readonly Operation[]): Map<Operation, Columns> {
  const columns = new Map<Operation, Columns>();
  const marks = sorted
    .flatMap((operation): Mark[] => [
      { operation, time: operation.start, isEnd: false },
      { operation, time: endOf(operation), isEnd: true },
    ])
    // At equal times starts come first, so that what is not ordered overlaps.
    .sort((a, b) => compareInstants(a.time, b.time) || Number(a.isEnd) - Number(b.isEnd));
  let column = -2;
  let last: Mark | undefined;
  for (const mark of marks) {
    if (last?.time !== mark.time || last.isEnd !== mark.isEnd) column += 2;
    const own = columns.get(mark.operation);
    if (own) column = own.to = Math.max(column, own.from + label(mark.operation).length + 3);
    else columns.set(mark.operation, { from: column, to: column });
    last = mark;
  }
  // Ends at one time share the column that the longest text among them needs.
  for (const { operation, time, isEnd } of marks.toReversed()) {
    if (!isEnd) continue;
    const own = columns.get(operation)!;
    if (last?.isEnd && last.time === time && last.operation !== operation) own.to = columns.get(last.operation)!.to;
    last = { operation, time, isEnd };
  }
  return columns;
}

interface Mark {
  readonly operation: Operation;
  readonly time: Instant;
  readonly isEnd: boolean;
}

function bar(operation: Operation, { from, to }: Columns): string {
  const { outcome } = operation;
  if (outcome === 'info') return `├ ${label(operation)} ?`;
  const end = outcome === 'fail' ? '╳' : '┤';
  return `├ ${label(operation)} ${'─'.repeat(to - from - label(operation).length - 3)}${end}`;
}

function label({ f, value, tag, outcome }: Operation): string {
  const shown = f === 'read' && outcome !== 'ok' ? '' : ` ${show(value)}`;
  return `${f}${shown}${tag ? ` (${tag[0]} ${tag[1]})` : ''}`;
}

/** A value as it is written in JSON, and not too long. */
export function show(value: Value): string {
  const text = JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
