import { compareNatural, type NodeId, type ServerEvent } from '@synod/kernel';
import { Sequence } from './sequence.js';

const keptEvents = 5_000;

/** The events of all servers, merged by time. */
export interface EventLog {
  readonly events: Sequence<ServerEvent>;
  /** The newest one of each server, to know repeats by. */
  readonly newest: ReadonlyMap<NodeId, ServerEvent>;
}

export const emptyEventLog: EventLog = { events: Sequence.empty(), newest: new Map() };

/**
 * With an event; `missed` were lost directly before it, because the reader was too slow. A stream that was opened again
 * repeats what the server still keeps: what is known is left out.
 */
export function addEvent(log: EventLog, event: ServerEvent, missed: number): EventLog {
  const before = log.newest.get(event.server);
  // Sequence numbers begin again with each life of a server, and time goes on.
  if (before && event.timeMs <= before.timeMs && event.sequence <= before.sequence) return log;
  let { events } = log;
  if (missed > 0) events = insert(events, gap(event, missed));
  events = insert(events, event).keepNewest(keptEvents);
  return { events, newest: new Map(log.newest).set(event.server, event) };
}

function gap({ server, timeMs, sequence }: ServerEvent, missed: number): ServerEvent {
  const message = `${missed} events of ${server} are missing here: they came too fast`;
  return { server, timeMs, sequence: sequence - 1, level: 'warn', kind: 'events-missing', message, fields: {} };
}

/** Servers tell of what has just happened: the place is near the end. */
function insert(events: Sequence<ServerEvent>, event: ServerEvent): Sequence<ServerEvent> {
  let at = events.length;
  while (at > 0 && compare(events.at(at - 1)!, event) > 0) at--;
  return events.insert(at, event);
}

function compare(a: ServerEvent, b: ServerEvent): number {
  return a.timeMs - b.timeMs || compareNatural(a.server, b.server) || a.sequence - b.sequence;
}
