import { join, line, span, type Line, type Span, type Style } from '../../layout/line.js';
import { bar } from '../../layout/sparkline.js';
import { count } from '../../layout/text.js';
import { cut, padEnd } from '../../layout/width.js';
import type { Plan, Fate, FateRow, SetModel } from '../../model/sets.js';

const fateSigns: Readonly<Record<Fate, { readonly sign: string; readonly style: Style }>> = {
  local: { sign: '✓', style: 'good' },
  consensus: { sign: '◆', style: 'accent' },
  pending: { sign: '…', style: 'warn' },
  rejected: { sign: '✗', style: 'bad' },
  skipped: { sign: '–', style: 'warn' },
};

const barWidth = 12;

/** How far the set is, and what became of its transfers so far. */
export function setHead(set: SetModel, plan: Plan | undefined): Line {
  const { name, total, fates, counts, isDone } = set;
  const done = fates.length;
  const progress = isDone ? span('done  ', 'good') : span(`${padEnd(bar(done, total, barWidth), barWidth)} `, 'accent');
  const summary = Object.entries(counts).flatMap(([fate, n]): Span[] => {
    const { sign, style } = fateSigns[fate as Fate];
    return [span('  '), span(`${sign} ${n} ${fate}`, style)];
  });
  const where = plan ? ` (${plan.begun} of ${plan.sets})` : '';
  const decided = isDone ? count(done, 'transfer') : `${done} of ${count(total, 'transfer')}`;
  return join(span(`Set ${name}`, 'strong'), `${where}  `, progress, decided, summary);
}

/** The newest fates, oldest first; what left a queue of an earlier set stands last. */
export function fateLines(set: SetModel, rows: number, columns: number): Line[] {
  const late = set.late.map((row) => fateLine({ ...row, reason: 'pending since an earlier set' }, columns));
  const newest = set.fates.slice(Math.max(0, set.fates.length - rows + Math.min(rows, late.length)));
  return [...newest.map((row) => fateLine(row, columns)), ...late].slice(-rows);
}

function fateLine({ id, transfer, fate, reason }: FateRow, columns: number): Line {
  const { sign, style } = fateSigns[fate];
  const width = Math.min(30, Math.floor(columns / 3));
  return join(
    '  ',
    padEnd(cut(id, 10), 7),
    ' ',
    padEnd(cut(transfer, width), Math.min(18, width)),
    '  ',
    span(padEnd(`${sign} ${fate}`, 11), style),
    reason === '' ? '' : `  ${reason}`,
  );
}

/** Before the first set. */
export function planHead({ source, sets, begun }: Plan): Line {
  const left = sets - begun;
  return join(
    span('File ', 'strong'),
    source,
    span(`  ${left === sets ? count(sets, 'set') : `${left} of ${sets} sets left`}`, 'quiet'),
  );
}

export const noFile: Line = line('No transaction file: transfers come from clients.', 'quiet');
