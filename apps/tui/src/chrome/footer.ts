import { join, span, type Line } from '../layout/line.js';
import { fit, lineWidth } from '../layout/width.js';
import type { Commands } from '../commands.js';
import { complete } from '../input/completion.js';
import { bindings, showKey } from '../input/keymap.js';
import type { Model } from '../model/model.js';
import { placesOf } from '../ui/places.js';
import type { Ui } from '../ui/ui.js';

/** The keys that matter here; while a command is typed, what it would do or what is wrong with it. */
export function footer(ui: Ui, model: Model, commands: Commands): Line {
  const { columns } = ui.size;
  if (ui.mode === 'command line' && ui.editor.text.trim() !== '') return fit(preview(ui, commands), columns);
  let hints: Line = [];
  for (const place of placesOf(ui, model)) {
    for (const { keys, places, hint } of bindings) {
      if (hint === undefined || !places.includes(place)) continue;
      const next = join(hints, ' ', span(showKey(keys[0]!), 'accent'), ` ${hint} `);
      if (lineWidth(next) <= columns) hints = next;
    }
  }
  return fit(hints, columns);
}

/** A line that can still be completed is not wrong yet. */
function preview({ editor, isRefused }: Ui, commands: Commands): Line {
  const { ok, text } = commands.check(editor.text.trim());
  if (ok) return join(span(' ✓ ', 'good'), text);
  const isUnfinished = !isRefused && complete(editor.text, commands.rows).length > 0;
  return isUnfinished ? join(' … ', span(text, 'quiet')) : join(span(` ✗ ${text}`, 'bad'));
}
