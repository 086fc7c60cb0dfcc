import { inverse, join, line, span, type Line } from '../layout/line.js';
import { fit, padEnd, rule } from '../layout/width.js';
import { windowAround } from '../layout/window.js';
import type { CommandRow } from '../commands.js';
import { complete } from '../input/completion.js';
import type { Ui } from '../ui/ui.js';

/** How the line can go on, in at most `rows` rows: commands with what they do, or the names that can follow. */
export function palette(ui: Ui, commands: readonly CommandRow[], rows: number): Line[] {
  const candidates = complete(ui.typed, commands);
  const { columns } = ui.size;
  if (candidates.length === 0 || rows < 2) return [];
  const window = windowAround(ui.candidate ?? 0, candidates.length, rows - 1);
  const shown = candidates.slice(window.from, window.to);
  const width = Math.min(40, Math.max(...shown.map(({ label }) => label.length)));
  const more = candidates.length > shown.length ? ` ${window.to} of ${candidates.length} ` : ' ';
  const title = rule(line('──', 'quiet'), `${more}Tab completes ──`, columns);
  const lines = shown.map(({ label, about, isUnavailable }, i) => {
    const isTaken = window.from + i === ui.candidate;
    const text = join(
      isTaken ? '>' : ' ',
      span(padEnd(label, width), isUnavailable ? 'quiet' : 'accent'),
      span(`  ${isUnavailable ? `⊘ ${about}` : about}`, 'quiet'),
    );
    return isTaken ? inverse(fit(text, columns)) : fit(text, columns);
  });
  return [title, ...lines];
}
