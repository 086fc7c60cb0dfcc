/** A line being typed. */
export interface Editor {
  readonly text: string;
  /** Before which character it stands: an index into `text`, between two graphemes. */
  readonly cursor: number;
}

export const emptyEditor: Editor = { text: '', cursor: 0 };

export type Edit =
  'left' | 'right' | 'start' | 'end' | 'backspace' | 'delete' | 'cut-word' | 'cut-to-start' | 'cut-to-end';

const graphemes = new Intl.Segmenter();

/** A line with the cursor behind it. */
export function editorOf(text: string): Editor {
  return { text, cursor: text.length };
}

export function insert({ text, cursor }: Editor, added: string): Editor {
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

export function edit(editor: Editor, what: Edit): Editor {
  const { text, cursor } = editor;
  switch (what) {
    case 'left':
      return { text, cursor: before(text, cursor) };
    case 'right':
      return { text, cursor: after(text, cursor) };
    case 'start':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'backspace':
      return without(editor, before(text, cursor), cursor);
    case 'delete':
      return without(editor, cursor, after(text, cursor));
    case 'cut-word':
      return without(editor, text.slice(0, cursor).search(/\S+\s*$/), cursor);
    case 'cut-to-start':
      return without(editor, 0, cursor);
    case 'cut-to-end':
      return without(editor, cursor, text.length);
  }
}

function without({ text }: Editor, from: number, to: number): Editor {
  const start = Math.max(0, from);
  return { text: text.slice(0, start) + text.slice(to), cursor: start };
}

function before(text: string, cursor: number): number {
  return [...graphemes.segment(text.slice(0, cursor))].at(-1)?.index ?? 0;
}

function after(text: string, cursor: number): number {
  const [next] = graphemes.segment(text.slice(cursor));
  return cursor + (next?.segment.length ?? 0);
}
