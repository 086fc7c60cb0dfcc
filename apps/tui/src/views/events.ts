import type { ServerEvent } from '@synod/kernel';
import { line, type Line, type Size } from '../layout/line.js';
import { count } from '../layout/text.js';
import type { Sequence } from '../model/sequence.js';
import { eventLine, levels } from './event-line.js';
import { heading, matches, showFilter, type Motion, type View, type ViewState } from './view.js';

/** What happened on all servers, merged by time, the newest last. */
export const eventsView: View = {
  id: 'events',
  title: 'Events',
  short: 'Events',

  draw({ model }, state, size): Line[] {
    const { events } = model.eventLog;
    const shown = backwards(events, state, lastSeen(events, state), size.rows - 1).reverse();
    const about =
      `${state.server ?? 'all servers'}, ${state.level === 'debug' ? 'all levels' : `${state.level} and above`}` +
      showFilter(state);
    const note =
      state.cursor === undefined ? '► following' : `‖ stands still of ${count(events.length, 'event')}; f follows`;
    const head = heading('Events', about, note, size);
    if (shown.length === 0)
      return [head, line(events.length === 0 ? '  Nothing happened yet.' : '  Nothing like that.', 'quiet')];
    return [head, ...shown.map((index) => eventLine(events.at(index)!, size.columns))];
  },

  move(model, state, motion, size) {
    return { ...state, cursor: moved(model.eventLog.events, state, motion, size) };
  },

  want: () => undefined,
};

/** The indices of events that are shown, from `last` back, at most `most`: no more of the log is looked at. */
function backwards(events: Sequence<ServerEvent>, state: ViewState, last: number, most: number): number[] {
  const found: number[] = [];
  for (let i = Math.min(last, events.length - 1); i >= 0 && found.length < most; i--) {
    if (isShown(events.at(i)!, state)) found.push(i);
  }
  return found;
}

function isShown({ server, level, kind, message }: ServerEvent, state: ViewState): boolean {
  if (state.server !== undefined && server !== state.server) return false;
  if (levels.indexOf(level) < levels.indexOf(state.level)) return false;
  return matches(state.filter, server, kind, message);
}

/** The cursor names an event for good, however many are forgotten before it. */
function lastSeen(events: Sequence<ServerEvent>, { cursor }: ViewState): number {
  return cursor === undefined ? events.length - 1 : cursor - events.dropped;
}

/** The last event that is seen after a motion; undefined: the newest is followed. */
function moved(events: Sequence<ServerEvent>, state: ViewState, motion: Motion, { rows }: Size): number | undefined {
  if (motion === 'last') return undefined;
  const page = rows - 1;
  const last = lastSeen(events, state);
  const named = (index: number | undefined) => (index === undefined ? state.cursor : index + events.dropped);
  if (motion === 'first') return named(backwards(events, state, events.length - 1, events.length).at(-page));
  if (motion < 0) {
    // As long as the screen stays full.
    const before = backwards(events, state, last, page - motion);
    return named(before[Math.max(0, Math.min(-motion, before.length - page))]);
  }
  // One more than asked for: at the newest one new ones are followed.
  let rest = motion;
  let reached: number | undefined;
  for (let i = last + 1; i < events.length; i++) {
    if (!isShown(events.at(i)!, state)) continue;
    if (rest-- === 0) return named(reached);
    reached = i;
  }
  return undefined;
}
