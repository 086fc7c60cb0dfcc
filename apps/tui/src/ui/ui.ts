import type { Size } from '../layout/line.js';
import { historyOf, type History } from '../input/history.js';
import { emptyEditor, type Editor } from '../input/line-editor.js';
import { freshView, viewIds, type ViewId, type ViewState } from '../views/view.js';

/** Where the person at the keyboard is. */
export interface Ui {
  readonly view: ViewId;
  readonly views: Readonly<Record<ViewId, ViewState>>;
  /** Who gets the keys. */
  readonly mode: 'view' | 'command line' | 'filter' | 'help';
  /** The command line, or the filter, while it is typed. */
  readonly editor: Editor;
  /** Which candidate of the completion is taken; undefined: none yet. */
  readonly candidate: number | undefined;
  /** The line was given, and can not be done as it is. */
  readonly isRefused: boolean;
  /** The line as it was typed before candidates were tried. */
  readonly typed: string;
  readonly history: History;
  /** The command whose result is shown. */
  readonly result: { readonly number: number; readonly scroll: number } | undefined;
  readonly helpScroll: number;
  /** What the terminal itself has to say, such as where it wrote a file; empty: nothing. */
  readonly note: string;
  /** How many commands were given. */
  readonly given: number;
  readonly size: Size;
}

export function newUi(size: Size, history: readonly string[] = []): Ui {
  return {
    view: 'cluster',
    views: Object.fromEntries(viewIds.map((id) => [id, freshView])) as Record<ViewId, ViewState>,
    mode: 'view',
    editor: emptyEditor,
    candidate: undefined,
    isRefused: false,
    typed: '',
    history: historyOf(history),
    result: undefined,
    helpScroll: 0,
    note: '',
    given: 0,
    size,
  };
}

/** With another state of the view that is seen. */
export function withView(ui: Ui, state: ViewState): Ui {
  return { ...ui, views: { ...ui.views, [ui.view]: state } };
}
