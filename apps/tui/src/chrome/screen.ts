import { blank, line, type Line } from '../layout/line.js';
import { fit } from '../layout/width.js';
import type { Commands } from '../commands.js';
import type { Model } from '../model/model.js';
import type { Ui } from '../ui/ui.js';
import { views } from '../views/views.js';
import { bodyRows, middleRows, resultRows } from './areas.js';
import { commandLine } from './command-line.js';
import { footer } from './footer.js';
import { header } from './header.js';
import { drawHelp } from './help.js';
import { palette } from './palette.js';
import { drawResult } from './result.js';
import { tabs } from './tabs.js';

/** Of a terminal, which has one row more than may be drawn on. */
const least = { columns: 40, rows: 10 };

/** The whole screen: exactly as many lines as there are rows, each as wide as the terminal. */
export function screen(model: Model, ui: Ui, commands: Commands): Line[] {
  const { columns, rows } = ui.size;
  if (columns < least.columns || rows + 1 < least.rows) {
    const text = `Too small: ${columns}×${rows + 1}, at least ${least.columns}×${least.rows}. q leaves.`;
    return exactly([line(text)], rows, columns);
  }
  const lines = [
    header(model, columns),
    tabs(ui.view, columns),
    ...exactly(middle(model, ui, commands), middleRows(ui), columns),
    commandLine(ui),
    footer(ui, model, commands),
  ];
  return exactly(lines, rows, columns);
}

/** The view, and in its lower part what was asked for: a result, or how a line can go on. */
function middle(model: Model, ui: Ui, commands: Commands): Line[] {
  const rows = middleRows(ui);
  if (ui.mode === 'help') return drawHelp(ui, commands.rows, rows);
  const list = ui.mode === 'command line' ? palette(ui, commands.rows, Math.floor(rows * (2 / 3))) : [];
  const isListed = list.length > 0;
  const bottom = isListed ? list : ui.result ? drawResult(ui, model, resultRows(ui, model)) : [];
  const room = isListed ? rows - list.length : bodyRows(ui, model);
  const size = { columns: ui.size.columns, rows: room };
  const scene = { model, commands: commands.rows };
  return [...exactly(views[ui.view].draw(scene, ui.views[ui.view], size), room, size.columns), ...bottom];
}

function exactly(lines: readonly Line[], rows: number, columns: number): Line[] {
  return Array.from({ length: rows }, (_, i) => fit(lines[i] ?? blank, columns));
}
