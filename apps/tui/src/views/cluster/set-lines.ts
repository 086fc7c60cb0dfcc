import { join, line, span, type Line, type Span, type Style } from '../../layout/line.js';
import { bar } from '../../layout/sparkline.js';
import { count } from '../../layout/text.js';
import { cut, padEnd } from '../../layout/width.js';
import { latest } from '../../model/latest.js';
import type { Sequence } from '../../model/sequence.js';
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

/**
 * The newest fates, oldest first; what left a queue of an earlier set stands last. Once the set is done, those that say
 * why a transfer was not executed are kept before those that need no reason.
 */
export function fateLines(set: SetModel, rows: number, columns: number): Line[] {
  const late = set.late.map((row) => fateLine({ ...row, reason: 'pending since an earlier set' }, columns));
  const room = Math.max(0, rows - late.length);
  const shown = set.isDone ? mostTelling(set.fates, room) : set.fates.slice(set.fates.length - room);
  return [...shown.map((row) => fateLine(row, columns)), ...late].slice(-rows);
}

/** In the order they came. */
function mostTelling(fates: Sequence<FateRow>, rows: number): readonly FateRow[] {
  const reasons = withReason(fates);
  const kept = new Set(reasons.slice(Math.max(0, reasons.length - rows)));
  for (let i = fates.length - 1; i >= 0 && kept.size < rows; i--) kept.add(i);
  return [...kept].sort((a, b) => a - b).map((i) => fates.at(i)!);
}

/** Where they stand. */
const withReason = latest((fates: Sequence<FateRow>): readonly number[] => {
  return Array.from(fates, ({ reason }, i) => (reason === '' ? -1 : i)).filter((i) => i >= 0);
});

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
