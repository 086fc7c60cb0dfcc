import { join, span, type Line } from '../layout/line.js';
import { fit, lineWidth } from '../layout/width.js';
import type { Commands } from '../commands.js';
import type { Binding } from '../input/action.js';
import { complete } from '../input/completion.js';
import { bindings, showKey } from '../input/keymap.js';
import type { Model } from '../model/model.js';
import { placesOf } from '../ui/places.js';
import type { Ui } from '../ui/ui.js';

/** The keys that matter here; while a command is typed, what it would do or what is wrong with it. */
export function footer(ui: Ui, model: Model, commands: Commands): Line {
  const { columns } = ui.size;
  if (ui.mode === 'command line' && ui.editor.text.trim() !== '') return fit(preview(ui, commands), columns);
  const hints = placesOf(ui, model).flatMap((place) =>
    bindings.flatMap((binding) => (binding.places.includes(place) ? hintsOf(binding) : [])),
  );
  // Help and the way out are named however much else there is.
  const last = hints.filter(({ action }) => action.type === 'help' || action.type === 'quit');
  let room = columns - last.reduce((sum, { line }) => sum + lineWidth(line), 0);
  const shown = hints.filter(({ line }) => {
    if (last.some((one) => one.line === line)) return true;
    if (lineWidth(line) > room) return false;
    room -= lineWidth(line);
    return true;
  });
  return fit(join(...shown.map(({ line }) => line)), columns);
}

/** How a key is hinted at, if it is. */
function hintsOf({ keys, hint, action }: Binding): { readonly action: Binding['action']; readonly line: Line }[] {
  return hint === undefined ? [] : [{ action, line: join(' ', span(showKey(keys[0]!), 'accent'), ` ${hint} `) }];
}

/** A line that can still be completed is not wrong yet. */
function preview({ editor, isRefused }: Ui, commands: Commands): Line {
  const { ok, text } = commands.check(editor.text.trim());
  if (ok) return join(span(' ✓ ', 'good'), span('Enter', 'accent'), ` ${text}`);
  const isUnfinished = !isRefused && complete(editor.text, commands.rows).length > 0;
  return isUnfinished ? join(' … ', span(text, 'quiet')) : join(span(` ✗ ${text}`, 'bad'));
}
