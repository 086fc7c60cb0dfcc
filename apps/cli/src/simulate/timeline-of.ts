import type { NodeId } from '@synod/kernel';
import type { Schedule, System, Tape, TraceEvent } from '@synod/simulator';

interface TimelineMessage {
  readonly type: string;
  readonly subject: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentUs: number;
  receivedUs: number | null;
  fate: 'arrived' | 'lost' | 'under way';
}

const states = { start: 'up', restart: 'up', resume: 'up', crash: 'down', fatal: 'down', pause: 'silent' } as const;

/** A run in the form in which the Timeline is exported: one JSON object, times in simulated microseconds. */
export function timelineOf(system: System, schedule: Schedule, { trace }: Pick<Tape<unknown>, 'trace'>): string {
  const changes = trace.flatMap(({ kind, time, node }) =>
    kind in states ? [{ timeUs: micros(time), server: node, state: states[kind as keyof typeof states] }] : [],
  );
  const timeline = {
    cluster: `${schedule.system}, seed ${schedule.seed}`,
    servers: schedule.nodes,
    messages: messagesOf(system, trace),
    states: changes,
  };
  return `${JSON.stringify(timeline, null, 2)}\n`;
}

/** Messages travel as objects: what arrives is the very thing that was sent. */
function messagesOf(system: System, trace: readonly TraceEvent[]): TimelineMessage[] {
  const messages: TimelineMessage[] = [];
  const open = new Map<unknown, TimelineMessage[]>();
  const send = (event: TraceEvent): void => {
    const { type } = event.what as { readonly type: string };
    const subject = system.subjectOf(event.what);
    const message: TimelineMessage = {
      ...{ type, subject, from: event.node, to: event.peer!, sentUs: micros(event.time) },
      ...{ receivedUs: null, fate: 'under way' },
    };
    messages.push(message);
    open.set(event.what, [...(open.get(event.what) ?? []), message]);
  };
  const arrive = ({ what, time }: TraceEvent, to: NodeId, fate: 'arrived' | 'lost'): void => {
    const message = open.get(what)?.find((candidate) => candidate.to === to && candidate.fate === 'under way');
    if (!message) return;
    message.fate = fate;
    if (fate === 'arrived') message.receivedUs = micros(time);
  };
  for (const event of trace) {
    if (event.kind === 'send' || event.kind === 'duplicate') send(event);
    else if (event.kind === 'deliver') arrive(event, event.node, 'arrived');
    else if (event.kind === 'lose') arrive(event, event.peer!, 'lost');
  }
  return messages;
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
