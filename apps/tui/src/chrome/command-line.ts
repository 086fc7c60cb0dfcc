import { join, line, span, type Line } from '../layout/line.js';
import { fit } from '../layout/width.js';
import type { Editor } from '../input/line-editor.js';
import type { Ui } from '../ui/ui.js';

/** Where commands and filters are typed; otherwise what is typed to get there. */
export function commandLine({ mode, editor, note, size }: Ui): Line {
  const { columns } = size;
  switch (mode) {
    case 'command line':
      return fit(join(span(': ', 'accent'), withCursor(editor, columns - 3)), columns);
    case 'filter':
      return fit(join(span('/ ', 'accent'), withCursor(editor, columns - 3)), columns);
    case 'help':
      return line('');
    case 'view':
      return fit(note === '' ? line('A number or : begins a command.', 'quiet') : line(note, 'accent'), columns);
  }
}

/** The text around the cursor, which is shown as the character it stands on. */
function withCursor({ text, cursor }: Editor, columns: number): Line {
  const from = Math.max(0, cursor - columns + 1);
  const at = text.slice(cursor, cursor + 1) || ' ';
  return join(text.slice(from, cursor), { ...span(at), inverse: true }, text.slice(cursor + 1, from + columns));
}
