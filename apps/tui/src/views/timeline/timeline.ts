import type { NodeId, TracedMessage } from '@synod/kernel';
import { join, line, span, type Line } from '../../layout/line.js';
import { clock } from '../../layout/text.js';
import { fit, padEnd, widthOf } from '../../layout/width.js';
import { clamp, windowUpTo } from '../../layout/window.js';
import { fateOf, pairMessages, type Arrow, type ArrowFate } from '../../model/arrows.js';
import { latest } from '../../model/latest.js';
import type { Model } from '../../model/model.js';
import type { Sequence } from '../../model/sequence.js';
import type { ServerState } from '../../model/server-model.js';
import type { StateChange } from '../../model/trace.js';
import { stateSigns } from '../server-sign.js';
import { heading, matches, moveCursor, showFilter, type View, type ViewState } from '../view.js';
import { arrowEnds, LaneRow, laneTitles, lanesFor, type Lanes } from './lanes.js';
import { legendOf, messageType } from './message-types.js';
import { timelineRows, zooms, type TimelineRow, type Zoom } from './timeline-rows.js';

/** The messages of the last rounds as a space-time diagram: a lane for each server, time going down. */
export const timelineView: View = {
  id: 'timeline',
  title: 'Timeline',
  short: 'Timeline',

  draw({ model }, state, size): Line[] {
    const rows = rowsOf(model, state);
    const height = size.rows - 3;
    const last = lastIndex(rows, state);
    const window = windowUpTo(last, rows.length, height);
    const zoom = zoomOf(state);
    const about = `${zoom}${state.background ? ', background too' : ''}${showFilter(state)}   + - zoom  x exports`;
    const missed = model.trace.missed > 0 ? `! ${model.trace.missed} messages missing   ` : '';
    const note = `${missed}${state.cursor === undefined ? '► following' : '‖ stands still; f follows'}`;
    const head = heading('Timeline', about, note, size);
    if (rows.length === 0)
      return [head, line('  No message yet: servers send some when a round or an operation needs them.', 'quiet')];
    const lanes = lanesFor(
      model.servers.map(({ id }) => id),
      size.columns - timeColumns - labelColumns,
    );
    const drawn = rows.slice(window.from, window.to);
    const subject = subjectAt(rows, window.from);
    return [
      head,
      join(fit(line(subject?.subject ?? '', 'strong'), timeColumns + labelColumns), laneTitles(lanes)),
      ...drawRows(drawn, subject?.timeUs ?? rows[0]!.timeUs, lanes, model),
      line(legend(drawn, model.nowMs * 1000), 'quiet'),
    ];
  },

  move(model, state, motion, { rows: height }) {
    const rows = rowsOf(model, state);
    if (motion === 'last') return { ...state, cursor: undefined };
    const least = Math.min(rows.length, height - 3) - 1;
    const index = Math.max(least, moveCursor(lastIndex(rows, state), rows.length, motion));
    if (index >= rows.length - 1) return { ...state, cursor: undefined };
    const goesUp = motion === 'first' || motion < 0;
    return { ...state, cursor: goesUp ? upTo(rows, index) : rows[index]!.timeUs };
  },

  want: () => undefined,
};

const timeColumns = 13;
const labelColumns = 12;

function zoomOf({ zoom }: ViewState): Zoom {
  return zooms[clamp(zoom, 0, zooms.length - 1)]!;
}

/** The cursor is the time of the last row that is seen; none: the newest row. */
function lastIndex(rows: readonly TimelineRow[], { cursor }: ViewState): number {
  if (cursor === undefined) return rows.length - 1;
  return Math.max(
    0,
    rows.findLastIndex(({ timeUs }) => timeUs <= cursor),
  );
}

/** The cursor for a row that is to be the last: rows of one time come and go together, so it may be one above them. */
function upTo(rows: readonly TimelineRow[], index: number): number {
  let last = index;
  while (last >= 0 && rows[last]!.timeUs === rows[last + 1]?.timeUs) last--;
  return rows[last]?.timeUs ?? rows[0]!.timeUs - 1;
}

export const arrowsOf = latest((...messages: readonly Sequence<TracedMessage>[]): readonly Arrow[] => {
  return pairMessages(messages.flatMap((some) => [...some]));
});

function rowsOf({ trace }: Model, state: ViewState): readonly TimelineRow[] {
  const { messages, background, changes } = trace;
  const arrows = state.background ? arrowsOf(messages, background) : arrowsOf(messages);
  return chosenRows(arrows, changes, zoomOf(state), state.filter);
}

const chosenRows = latest((arrows: readonly Arrow[], changes: Sequence<StateChange>, zoom: Zoom, filter: string) => {
  const isShown = ({ from, to, type, subject }: Arrow) => matches(filter, from, to, type, subject);
  return timelineRows(arrows, changes, { zoom, isShown });
});

/** The heading above a row, which may be scrolled away: rows tell the time since it. */
function subjectAt(rows: readonly TimelineRow[], index: number): Extract<TimelineRow, { kind: 'subject' }> | undefined {
  for (let i = index; i >= 0; i--) {
    const row = rows[i];
    if (row?.kind === 'subject') return row;
  }
  return undefined;
}

function drawRows(rows: readonly TimelineRow[], begin: number, lanes: Lanes, model: Model): Line[] {
  const states = new StatesAt(model);
  const nowUs = model.nowMs * 1000;
  let since = begin;
  return rows.map((row) => {
    if (row.kind === 'subject') since = row.timeUs;
    const lane = new LaneRow(lanes, (server) => states.at(server, row.timeUs));
    switch (row.kind) {
      case 'subject':
        return join(at(row.timeUs), span(`── ${row.subject} ──`, 'strong'));
      case 'messages':
        for (const arrow of row.arrows) lane.arrow(arrow, nowUs);
        return join(time(row.timeUs - since), label(row.type, messageType(row.type).style), lane.line);
      case 'step':
        lane.step(row.arrow, row.step);
        return join(time(row.timeUs - since), label(row.arrow.type, messageType(row.arrow.type).style), lane.line);
      case 'state': {
        const { sign, style } = stateSigns[row.state];
        lane.mark(row.server, sign, style);
        return join(at(row.timeUs), label(nameOf(row), style), lane.line);
      }
    }
  });
}

/** `S1 down`, or the state alone if that is too long: its lane has the sign. */
function nameOf({ server, state }: StateChange): string {
  const name = `${server} ${state}`;
  return widthOf(name) < labelColumns ? name : state;
}

function at(timeUs: number): Line {
  return [span(padEnd(clock(timeUs / 1000), timeColumns), 'quiet')];
}

function time(us: number): Line {
  return [span(`+${(us / 1000).toFixed(1)} ms `.padStart(timeColumns), 'quiet')];
}

function label(text: string, style: Line[number]['style']): Line {
  return [span(padEnd(text, labelColumns), style)];
}

/** How servers stood, from what changed since. */
class StatesAt {
  readonly #changes = new Map<NodeId, StateChange[]>();

  constructor({ trace }: Model) {
    for (const change of trace.changes) {
      const own = this.#changes.get(change.server);
      if (own) own.push(change);
      else this.#changes.set(change.server, [change]);
    }
  }

  /** Undefined: nothing is known of that time. */
  at(server: NodeId, timeUs: number): ServerState | undefined {
    return this.#changes.get(server)?.findLast((change) => change.timeUs <= timeUs)?.state;
  }
}

/** Of what is drawn alone: there is little room. */
function legend(rows: readonly TimelineRow[], nowUs: number): string {
  const arrows = rows.flatMap((row) => (row.kind === 'messages' ? row.arrows : row.kind === 'step' ? row.arrow : []));
  const fates = new Set(arrows.map((arrow) => fateOf(arrow, nowUs)));
  const ends = Object.entries(arrowEnds).flatMap(([fate, sign]) =>
    fates.has(fate as ArrowFate) ? `${sign} ${fate}` : [],
  );
  return [legendOf(new Set(arrows.map(({ type }) => type))), ...ends].join('  ');
}
