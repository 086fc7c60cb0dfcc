import { resultRows } from '../chrome/areas.js';
import { resultLines } from '../chrome/result.js';
import type { Place } from '../input/action.js';
import type { Model } from '../model/model.js';
import type { Ui } from './ui.js';

/** Where keys are looked up, in this order. A result takes the arrow keys only if not all of it can be seen. */
export function placesOf(ui: Ui, model: Model): readonly Place[] {
  if (ui.mode !== 'view') return [ui.mode];
  if (!ui.result) return [ui.view, 'everywhere'];
  const page = resultRows(ui, model) - 1;
  const isLong = resultLines(ui, model, page).length > page;
  return ['result', ...(isLong ? (['long result'] as const) : []), ui.view, 'everywhere'];
}
