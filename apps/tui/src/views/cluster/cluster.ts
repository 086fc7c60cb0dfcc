import { blank, line, type Line, type Size } from '../../layout/line.js';
import { beside, stack } from '../../layout/stack.js';
import { wrap } from '../../layout/wrap.js';
import { clamp } from '../../layout/window.js';
import { servesLedger, servesRegisters, type Model } from '../../model/model.js';
import { eventLine } from '../event-line.js';
import { freshView, moveCursor, type Scene, type View, type ViewState } from '../view.js';
import { timelineView } from '../timeline/timeline.js';
import { menuLines } from './menu.js';
import { explanation, nextStep } from './next-step.js';
import { roundLines } from './round-lines.js';
import { serverDetail } from './server-detail.js';
import { ledgerTable, registerTable } from './server-table.js';
import { fateLines, noFile, planHead, setHead } from './set-lines.js';

/** All servers as they stand, the round that runs, the set that is played, and what to do next. */
export const clusterView: View = {
  id: 'cluster',
  title: 'Cluster',
  short: 'Cluster',

  draw({ model, commands }: Scene, state: ViewState, { columns, rows }: Size): Line[] {
    const selected = cursorOf(model, state);
    const server = model.servers[selected];
    const isLedger = servesLedger(model);
    const isRegisters = servesRegisters(model);
    const next = [nextStep(model, commands), ...menuLines(commands, columns)];
    const detail = server ? serverDetail(server, model.servers.length) : [];
    const top = isLedger || !isRegisters ? ledgerTable(model.servers, selected, columns) : [];
    const nodes = isRegisters ? registerTable(model.servers, selected, columns) : [];
    const round = isLedger ? roundLines(model) : [];
    const least = topLines(model, columns).length + Math.min(leastFates, model.set?.fates.length ?? 0);
    const lengths = (...sections: readonly Line[][]) => sections.reduce((sum, lines) => sum + lines.length, 0);
    // Of two tables the second one is left out where it would take the room of all the rest.
    const hasBoth = lengths(top, nodes, detail, round, next) + least <= rows;
    const fixed = [top, ...(top.length === 0 || hasBoth ? [nodes] : []), detail, round];
    const used = lengths(...fixed, next);
    const gaps = clamp(rows - used - least, 0, fixed.length + 1);
    const room = Math.max(0, rows - used - gaps);
    const middle = middleLines(model, { columns, rows: room });
    // Filled, so that what to do next always stands at the same place.
    const filled = Array.from({ length: room }, (_, i) => middle[i] ?? blank);
    return stack([...fixed, filled, next], rows);
  },

  move(model, state, motion) {
    return { ...state, cursor: moveCursor(cursorOf(model, state), model.servers.length, motion) };
  },

  want: () => undefined,
};

function cursorOf({ servers }: Model, { cursor = 0 }: ViewState): number {
  return clamp(cursor, 0, Math.max(0, servers.length - 1));
}

/** Fates that are seen also where empty lines between sections have to go for them. */
const leastFates = 4;

/** What this is, until there is a set to show, and how far the file is played. */
function topLines(model: Model, columns: number): Line[] {
  const { set, plan } = model;
  if (set) return [setHead(set, plan)];
  const about = explanation(model).flatMap((text) => wrap(text, columns));
  return [...about.map((text) => line(text)), ...(plan ? [planHead(plan)] : servesLedger(model) ? [noFile] : [])];
}

/** The set and its fates, and the events; on a large terminal also the messages of the last rounds. */
function middleLines(model: Model, { columns, rows }: Size): Line[] {
  const top = topLines(model, columns);
  const room = Math.max(0, rows - top.length);
  const { set } = model;
  if (columns < wide) {
    const fates = set ? fateLines(set, room, columns) : [];
    return [...top, ...fates, ...eventLines(model, room - fates.length, columns)];
  }
  const half = Math.floor(columns / 2);
  const hasTimeline = rows >= timelineRows * 2 && model.trace.messages.length > 0;
  const diagram = hasTimeline ? drawTimeline(model, { columns: half, rows: timelineRows }) : [];
  const right = [...diagram, ...eventLines(model, room - diagram.length, half)];
  const left = set ? fateLines(set, room, half - 2) : [];
  return [...top, ...beside(left, right, columns - half)];
}

const wide = 150;
const timelineRows = 16;

function drawTimeline(model: Model, size: Size): Line[] {
  return timelineView.draw({ model, commands: [] }, freshView, size);
}

/** The newest events, under a title of their own. */
function eventLines({ eventLog }: Model, rows: number, columns: number): Line[] {
  if (rows < 4 || eventLog.events.length === 0) return [];
  const newest = eventLog.events.slice(eventLog.events.length - rows + 2);
  return [blank, line('Events', 'strong'), ...newest.map((event) => eventLine(event, columns))];
}
