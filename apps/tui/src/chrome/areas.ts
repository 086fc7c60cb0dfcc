import type { Model } from '../model/model.js';
import type { Ui } from '../ui/ui.js';
import { resultLines } from './result.js';

/** Header and tabs above, the command line and the footer below. */
const chromeRows = 4;

/** Rows between the tabs and the command line. */
export function middleRows({ size }: Ui): number {
  return Math.max(0, size.rows - chromeRows);
}

/** Rows of the result of a command with its title: as many as it needs, up to half of the middle. */
export function resultRows(ui: Ui, model: Model): number {
  const most = Math.floor(middleRows(ui) / 2);
  return ui.result && ui.mode !== 'help' ? Math.min(most, resultLines(ui, model, most - 1).length + 1) : 0;
}

/** Rows that are left for the view. */
export function bodyRows(ui: Ui, model: Model): number {
  return middleRows(ui) - resultRows(ui, model);
}
