import type { NodeId, TracedMessage } from '@synod/kernel';

/** One message on its way between two servers. */
export interface Arrow {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly type: string;
  readonly subject: string;
  /** Unix time, microseconds; undefined: its sender told nobody. */
  readonly sentUs: number | undefined;
  /** Unix time, microseconds; undefined: it has not arrived, or its receiver told nobody. */
  readonly receivedUs: number | undefined;
  /** Its receiver had sent something just before, and told nobody: it may as well have arrived. */
  readonly isUnwatched: boolean;
}

/** What became of a message, as far as can be seen. */
export type ArrowFate = 'arrived' | 'lost' | 'under way' | 'not seen';

/** A message that has not arrived for so long, though the trace goes on, is lost. */
const lostAfterUs = 1_000_000;

/** Pairs what was sent with what was received, by sender, receiver, type and subject, in order. Oldest first. */
export function pairMessages(messages: Iterable<TracedMessage>): Arrow[] {
  const arrows: Arrow[] = [];
  const open = new Map<string, { readonly sent: boolean; readonly indices: number[] }>();
  for (const { timeUs, sent, from, to, type, subject } of messages) {
    const key = JSON.stringify([from, to, type, subject]);
    const waiting = open.get(key);
    // Clocks of two machines differ: what was received may stand before what was sent.
    if (waiting && waiting.indices.length > 0 && waiting.sent !== sent) {
      const index = waiting.indices.shift()!;
      const arrow = arrows[index]!;
      arrows[index] = { ...arrow, ...(sent ? { sentUs: timeUs } : { receivedUs: timeUs }) };
      continue;
    }
    const times = sent ? { sentUs: timeUs, receivedUs: undefined } : { sentUs: undefined, receivedUs: timeUs };
    if (waiting && waiting.sent === sent) waiting.indices.push(arrows.length);
    else open.set(key, { sent, indices: [arrows.length] });
    arrows.push({ from, to, type, subject, ...times, isUnwatched: false });
  }
  return withUnwatched(arrows).sort((a, b) => beginOf(a) - beginOf(b));
}

/** A server that has just started is watched a moment later than it begins to talk. */
function withUnwatched(arrows: readonly Arrow[]): Arrow[] {
  const untold = new Map<NodeId, number[]>();
  for (const { from, sentUs, receivedUs } of arrows) {
    if (sentUs !== undefined || receivedUs === undefined) continue;
    const times = untold.get(from);
    if (times) times.push(receivedUs);
    else untold.set(from, [receivedUs]);
  }
  return arrows.map((arrow) => {
    const { to, sentUs, receivedUs } = arrow;
    if (sentUs === undefined || receivedUs !== undefined) return arrow;
    const isUnwatched = untold.get(to)?.some((timeUs) => timeUs <= sentUs && sentUs - timeUs < lostAfterUs) ?? false;
    return isUnwatched ? { ...arrow, isUnwatched } : arrow;
  });
}

/** What became of it, at a time until which the trace is known. */
export function fateOf({ sentUs, receivedUs, isUnwatched }: Arrow, nowUs: number): ArrowFate {
  if (receivedUs !== undefined || sentUs === undefined) return 'arrived';
  if (isUnwatched) return 'not seen';
  return nowUs - sentUs > lostAfterUs ? 'lost' : 'under way';
}

/** When it was sent, as far as anybody knows. */
export function beginOf({ sentUs, receivedUs }: Arrow): number {
  return Math.min(sentUs ?? Infinity, receivedUs ?? Infinity);
}

/** When it arrived, as far as anybody knows. */
export function endOf({ sentUs, receivedUs }: Arrow): number {
  return Math.max(sentUs ?? 0, receivedUs ?? 0);
}
