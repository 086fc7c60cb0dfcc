import { clean } from '../layout/clean.js';
import { blank, join, line, span, type Line } from '../layout/line.js';
import { rule } from '../layout/width.js';
import { clamp, showWindow } from '../layout/window.js';
import { wrap } from '../layout/wrap.js';
import { latest } from '../model/latest.js';
import type { Model } from '../model/model.js';
import type { Ui } from '../ui/ui.js';
import { fateLines, setHead } from '../views/cluster/set-lines.js';

const states = {
  running: { sign: '… running', style: 'accent' },
  done: { sign: '✓ done', style: 'good' },
  failed: { sign: '✗ failed', style: 'bad' },
} as const;

/** What the last command found, or how far the set is that it plays, in the lines of the menu. */
export function resultLines(ui: Ui, model: Model, rows: number): readonly Line[] {
  const run = model.runs.find(({ number }) => number === ui.result?.number);
  if (!run) return [blank];
  if (run.state !== 'running') return foundLines(run.lines, ui.size.columns);
  const { set, plan } = model;
  if (!set || set.isDone) return [line('…', 'quiet')];
  return [setHead(set, plan), ...fateLines(set, rows - 1, ui.size.columns)];
}

/** As it would stand in the menu, where a terminal breaks lines. Empty lines stay. */
const foundLines = latest((lines: readonly string[], columns: number): readonly Line[] => {
  return lines.flatMap((text) => (text === '' ? [blank] : wrap(clean(text), columns).map((part) => line(part))));
});

/** The result under its title, in exactly `rows` rows. */
export function drawResult(ui: Ui, model: Model, rows: number): Line[] {
  const run = model.runs.find(({ number }) => number === ui.result?.number);
  const lines = resultLines(ui, model, rows - 1);
  const page = rows - 1;
  const from = clamp(ui.result?.scroll ?? 0, 0, Math.max(0, lines.length - page));
  const window = { from, to: Math.min(lines.length, from + page) };
  const { sign, style } = states[run?.state ?? 'running'];
  const title = join(span('── ', 'quiet'), span(run?.line ?? '', 'strong'), '  ', span(sign, style), ' ');
  const where = showWindow(window, lines.length);
  const note = ` ${where === '' ? '' : `${where}, ↑↓ scroll, `}Esc closes ──`;
  return [rule(title, note, ui.size.columns), ...lines.slice(window.from, window.to)];
}
