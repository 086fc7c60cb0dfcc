import { screen } from '../chrome/screen.js';
import { textOf, type Size } from '../layout/line.js';
import type { Model } from '../model/model.js';
import { newUi, type Ui } from '../ui/ui.js';
import { freshView, type ViewId, type ViewState } from '../views/view.js';
import { views } from '../views/views.js';
import { NotedCommands, rows } from './commands.js';

/** What may be drawn on in terminals of 80×24 and 200×60. */
export const small: Size = { columns: 80, rows: 23 };
export const large: Size = { columns: 200, rows: 59 };

/** The whole screen as text, without the spaces at the ends of lines. */
export function frame(model: Model, changes: Partial<Ui> = {}, size: Size = small): string {
  return text(screen(model, { ...newUi(size), ...changes }, new NotedCommands()).map(textOf));
}

/** One view as text. */
export function viewFrame(id: ViewId, model: Model, state: Partial<ViewState> = {}, size: Size = small): string {
  return text(views[id].draw({ model, commands: rows }, { ...freshView, ...state }, size).map(textOf));
}

function text(lines: readonly string[]): string {
  return lines.map((line) => line.trimEnd()).join('\n');
}
