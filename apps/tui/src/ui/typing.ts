import type { Commands } from '../commands.js';
import { complete } from '../input/completion.js';
import { look, remember } from '../input/history.js';
import type { Action } from '../input/action.js';
import { edit, editorOf, emptyEditor, insert, type Editor } from '../input/line-editor.js';
import { beginLine, type Acted } from './act.js';
import { withView, type Ui } from './ui.js';

/** What a key does while a command or a filter is typed. */
export function typing(ui: Ui, action: Action, commands: Commands): Acted {
  switch (action.type) {
    case 'edit':
      // Deleting from an empty line leaves it.
      if (action.edit === 'backspace' && ui.editor.text === '') return { ui: leave(ui) };
      return { ui: typed(ui, edit(ui.editor, action.edit)) };
    case 'complete':
      return { ui: completed(ui, action.by, commands) };
    case 'history': {
      const { history, text } = look(ui.history, action.by, ui.editor.text);
      return { ui: { ...typed(ui, editorOf(text)), history } };
    }
    case 'cancel':
      return { ui: ui.mode === 'filter' ? leave(withFilter(ui, '')) : leave(ui) };
    case 'submit':
      return ui.mode === 'filter' ? { ui: leave(ui) } : submit(ui, commands);
    default:
      return { ui };
  }
}

/** Text from the keyboard. */
export function typeText(ui: Ui, text: string): Ui {
  return typed(ui, insert(ui.editor, text));
}

function typed(ui: Ui, editor: Editor): Ui {
  const changed = { ...ui, editor, candidate: undefined, isRefused: false, typed: editor.text, note: '' };
  return ui.mode === 'filter' ? withFilter(changed, editor.text) : changed;
}

/** A filter works while it is typed; what is seen begins anew. */
function withFilter(ui: Ui, filter: string): Ui {
  return withView(ui, { ...ui.views[ui.view], filter, cursor: undefined });
}

function leave(ui: Ui): Ui {
  return { ...ui, mode: 'view', editor: emptyEditor, candidate: undefined, isRefused: false, typed: '' };
}

/** One candidate after the other; the only one is taken for good, so that the next Tab goes on behind it. */
function completed(ui: Ui, by: 1 | -1, { rows }: Commands): Ui {
  const candidates = complete(ui.typed, rows);
  if (candidates.length === 0) return ui;
  if (candidates.length === 1) return typed(ui, editorOf(candidates[0]!.line));
  const from = ui.candidate ?? (by > 0 ? -1 : 0);
  const candidate = (from + by + candidates.length) % candidates.length;
  return { ...ui, candidate, editor: editorOf(candidates[candidate]!.line) };
}

function submit(ui: Ui, commands: Commands): Acted {
  const line = ui.editor.text.trim();
  if (line === '') return { ui: leave(ui) };
  const word = line.toLowerCase();
  if (word === 'quit' || word === 'exit' || word === 'q') return { ui: leave(ui), effect: { type: 'quit' } };
  if (word === 'help' || word === '?') return { ui: { ...leave(ui), mode: 'help', helpScroll: 0 } };
  // A line that is wrong stays, with what is wrong: it is to be corrected.
  if (!commands.check(line).ok) return { ui: { ...beginLine(ui, ui.editor.text), isRefused: true } };
  const number = ui.given + 1;
  const given = { ...leave(ui), given: number, history: remember(ui.history, line), result: { number, scroll: 0 } };
  return { ui: given, effect: { type: 'run', number, line } };
}
