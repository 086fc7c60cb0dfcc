import type { Action } from '../input/action.js';
import { editorOf, emptyEditor } from '../input/line-editor.js';
import { bodyRows, resultRows } from '../chrome/areas.js';
import { helpLines } from '../chrome/help.js';
import { resultLines } from '../chrome/result.js';
import type { Model } from '../model/model.js';
import { levels } from '../views/event-line.js';
import { moveCursor, viewIds, type Motion, type Scene, type ViewState } from '../views/view.js';
import { views } from '../views/views.js';
import { withView, type Ui } from './ui.js';

/** What an action asks of the world outside of the terminal. */
export type Effect =
  | { readonly type: 'run'; readonly number: number; readonly line: string }
  | { readonly type: 'export' }
  | { readonly type: 'quit' };

export interface Acted {
  readonly ui: Ui;
  readonly effect?: Effect;
}

/** What an action in a view, in the help or in a result does. Those of typed lines are in `typing.ts`. */
export function act(ui: Ui, action: Action, scene: Scene): Acted {
  const { model } = scene;
  const state = ui.views[ui.view];
  const viewSize = { columns: ui.size.columns, rows: bodyRows(ui, model) };
  switch (action.type) {
    case 'view':
      return { ui: { ...ui, view: action.view } };
    case 'turn-view': {
      const index = viewIds.indexOf(ui.view) + action.by + viewIds.length;
      return { ui: { ...ui, view: viewIds[index % viewIds.length]! } };
    }
    case 'move':
      return { ui: withView(ui, views[ui.view].move(model, state, steps(action.motion, viewSize.rows - 3), viewSize)) };
    case 'sideways':
      return { ui: withView(ui, { ...state, left: moveCursor(state.left, model.servers.length, action.by) }) };
    case 'open':
      return { ui: withView(ui, { ...state, isOpen: true, left: 0 }) };
    case 'back':
      return { ui: withView(ui, back(state)) };
    case 'follow':
      return { ui: withView(ui, { ...state, cursor: undefined, isOpen: false }) };
    case 'server':
      return { ui: withView(ui, { ...state, server: nextServer(ui, model), cursor: undefined }) };
    case 'level':
      return { ui: withView(ui, { ...state, level: levels[(levels.indexOf(state.level) + 1) % levels.length]! }) };
    case 'background':
      return { ui: withView(ui, { ...state, background: !state.background }) };
    case 'zoom':
      return { ui: withView(ui, { ...state, zoom: moveCursor(state.zoom, 3, action.by) }) };
    case 'filter':
      return { ui: { ...ui, mode: 'filter', editor: editorOf(state.filter) } };
    case 'command':
      return { ui: beginLine(ui, action.text) };
    case 'help':
      return { ui: { ...ui, mode: 'help', helpScroll: 0 } };
    case 'result':
      return { ui: { ...ui, result: ui.result || ui.given === 0 ? undefined : { number: ui.given, scroll: 0 } } };
    case 'close':
      return { ui: ui.mode === 'help' ? { ...ui, mode: 'view' } : { ...ui, result: undefined } };
    case 'scroll':
      return { ui: scroll(ui, action.motion, scene) };
    case 'export':
      return { ui, effect: { type: 'export' } };
    case 'quit':
      return { ui, effect: { type: 'quit' } };
    default:
      return { ui };
  }
}

/** The command line, with a text to begin with. */
export function beginLine(ui: Ui, text: string): Ui {
  const editor = text === '' ? emptyEditor : editorOf(text);
  return { ...ui, mode: 'command line', editor, candidate: undefined, isRefused: false, typed: text, note: '' };
}

function steps(motion: Motion | 'page-up' | 'page-down', page: number): Motion {
  if (motion === 'page-up') return -Math.max(1, page);
  return motion === 'page-down' ? Math.max(1, page) : motion;
}

function back(state: ViewState): ViewState {
  return state.isOpen ? { ...state, isOpen: false, left: 0 } : { ...state, filter: '', cursor: undefined };
}

/** All servers, then one after the other; where only one can be seen, all is left out. */
function nextServer({ view, views: states }: Ui, { servers }: Model): string | undefined {
  const ids = servers.map(({ id }) => id);
  const choices = view === 'performance' ? ids : [undefined, ...ids];
  const { server } = states[view];
  const current = view === 'performance' ? (server ?? ids[0]) : server;
  return choices[(choices.indexOf(current) + 1) % Math.max(1, choices.length)];
}

function scroll(ui: Ui, motion: Motion | 'page-up' | 'page-down', { model, commands }: Scene): Ui {
  if (ui.mode === 'help') {
    const page = bodyRows(ui, model) - 1;
    const most = Math.max(1, helpLines(ui, commands).length - page + 1);
    return { ...ui, helpScroll: moveCursor(ui.helpScroll, most, steps(motion, page)) };
  }
  if (!ui.result) return ui;
  const page = resultRows(ui, model) - 1;
  const most = Math.max(1, resultLines(ui, model, page).length - page + 1);
  return { ...ui, result: { ...ui.result, scroll: moveCursor(ui.result.scroll, most, steps(motion, page)) } };
}
