import { blank, join, line, span, type Line } from '../layout/line.js';
import { padEnd } from '../layout/width.js';
import { clamp, showWindow } from '../layout/window.js';
import type { CommandRow } from '../commands.js';
import type { Binding, Place } from '../input/action.js';
import { bindings, showKey } from '../input/keymap.js';
import type { Ui } from '../ui/ui.js';
import { heading } from '../views/view.js';
import { views } from '../views/views.js';

/** Every key that does something here, then every command: all from the tables that are used. */
export function helpLines({ view }: Ui, commands: readonly CommandRow[]): readonly Line[] {
  const widest = Math.max(...commands.map(({ usage }) => usage.length), 0);
  return [
    ...section(`In ${views[view].title}`, view),
    ...section('Everywhere', 'everywhere'),
    ...section('In the command line', 'command line'),
    line('Commands', 'strong'),
    ...commands.map(({ number, usage, summary, unavailable }) =>
      join(
        span(`  ${number ?? ' '} ${padEnd(usage, widest)}  `, unavailable === undefined ? 'accent' : 'quiet'),
        unavailable === undefined ? summary : span(`⊘ ${unavailable}`, 'quiet'),
      ),
    ),
    blank,
    line('Signs: ● up  ○ starting  ↻ catching up  ◌ disconnected  ◐ silent  ✗ down  ⊘ not available here', 'quiet'),
  ];
}

/** The help in `rows` rows. */
export function drawHelp(ui: Ui, commands: readonly CommandRow[], rows: number): Line[] {
  const lines = helpLines(ui, commands);
  const page = rows - 1;
  const from = clamp(ui.helpScroll, 0, Math.max(0, lines.length - page));
  const window = { from, to: Math.min(lines.length, from + page) };
  return [heading('Keys', 'Esc goes back', showWindow(window, lines.length), ui.size), ...lines.slice(from, window.to)];
}

function section(title: string, place: Place): Line[] {
  const own = bindings.filter(({ places }) => places.includes(place));
  return own.length === 0 ? [] : [line(title, 'strong'), ...summarise(own).map(drawBinding), blank];
}

const keyColumns = 18;

function drawBinding({ keys, description }: Binding): Line {
  return join(span(padEnd(`  ${keys.map(showKey).join(' ')}`, keyColumns), 'accent'), description);
}

/** The digits in one line: each begins the command of its number. */
function summarise(own: readonly Binding[]): readonly Binding[] {
  const isDigit = ({ keys }: Binding) => /^\d$/.test(keys[0]!);
  const first = own.find(isDigit);
  return own.flatMap((binding) => {
    if (!isDigit(binding)) return [binding];
    return binding === first ? [{ ...binding, keys: ['1 … 9'], description: 'the command of that number' }] : [];
  });
}
