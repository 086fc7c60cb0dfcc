import type { NodeId } from '@synod/kernel';
import { beginOf, endOf, type Arrow } from '../../model/arrows.js';
import type { StateChange } from '../../model/trace.js';
import { messageType } from './message-types.js';

/** One row of the diagram, time going down. */
export type TimelineRow =
  /** What the rows below it are about. */
  | { readonly kind: 'subject'; readonly timeUs: number; readonly subject: string }
  /** Messages of one type that leave one server, or meet at one. */
  | {
      readonly kind: 'messages';
      readonly timeUs: number;
      readonly type: string;
      /** The one that sends, or at which they meet. */
      readonly hub: NodeId;
      readonly isReply: boolean;
      readonly arrows: readonly Arrow[];
    }
  /** The one end of a message: it leaves, or it arrives. */
  | { readonly kind: 'step'; readonly timeUs: number; readonly arrow: Arrow; readonly step: 'sent' | 'received' }
  | ({ readonly kind: 'state' } & StateChange);

/** How much detail: all messages of a phase in one row, one row each, or one for each end of each. */
export const zooms = ['phases', 'messages', 'steps'] as const;
export type Zoom = (typeof zooms)[number];

export interface Choice {
  readonly zoom: Zoom;
  /** Only what this says yes to. */
  readonly isShown: (arrow: Arrow) => boolean;
}

/** Rows in order of time, under headings that say what they are about. */
export function timelineRows(
  arrows: readonly Arrow[],
  changes: Iterable<StateChange>,
  { zoom, isShown }: Choice,
): TimelineRow[] {
  const shown = arrows.filter(isShown);
  const messages =
    zoom === 'phases' ? group(shown) : zoom === 'messages' ? shown.map((one) => rowOf(one)) : steps(shown);
  const states = [...changes].map((change): TimelineRow => ({ kind: 'state', ...change }));
  const rows = [...messages, ...states].sort((a, b) => a.timeUs - b.timeUs);
  return withSubjects(rows);
}

type Messages = Extract<TimelineRow, { readonly kind: 'messages' }>;

function rowOf(arrow: Arrow): Messages {
  const { isReply } = messageType(arrow.type);
  const hub = isReply ? arrow.to : arrow.from;
  return { kind: 'messages', timeUs: beginOf(arrow), type: arrow.type, hub, isReply, arrows: [arrow] };
}

/** Those of one phase together; who is asked, or answers, again begins a new row. */
function group(arrows: readonly Arrow[]): TimelineRow[] {
  const rows: { row: Messages; arrows: Arrow[] }[] = [];
  const open = new Map<string, { row: Messages; arrows: Arrow[] }>();
  for (const arrow of arrows) {
    const row = rowOf(arrow);
    const key = JSON.stringify([row.type, row.hub, arrow.subject]);
    const known = open.get(key);
    if (known && !known.arrows.some((other) => other.from === arrow.from && other.to === arrow.to)) {
      known.arrows.push(arrow);
      continue;
    }
    const begun = { row, arrows: [arrow] };
    rows.push(begun);
    open.set(key, begun);
  }
  return rows.map(({ row, arrows: all }) => ({ ...row, arrows: all }));
}

function steps(arrows: readonly Arrow[]): TimelineRow[] {
  return arrows.flatMap((arrow) => {
    const rows: TimelineRow[] = [];
    if (arrow.sentUs !== undefined) rows.push({ kind: 'step', timeUs: arrow.sentUs, arrow, step: 'sent' });
    if (arrow.receivedUs !== undefined) rows.push({ kind: 'step', timeUs: endOf(arrow), arrow, step: 'received' });
    return rows;
  });
}

function withSubjects(rows: readonly TimelineRow[]): TimelineRow[] {
  let subject: string | undefined;
  return rows.flatMap((row): TimelineRow[] => {
    const own = subjectOf(row);
    if (own === undefined || own === subject) return [row];
    subject = own;
    return [{ kind: 'subject', timeUs: row.timeUs, subject: own }, row];
  });
}

function subjectOf(row: TimelineRow): string | undefined {
  if (row.kind === 'messages') return row.arrows[0]!.subject;
  return row.kind === 'step' ? row.arrow.subject : undefined;
}
