import type { NodeId, TracedMessage } from '@synod/kernel';
import { Sequence } from './sequence.js';
import type { ServerState } from './server-model.js';

const keptMessages = 2_000;
const keptBackground = 1_000;
const keptChanges = 500;

/** What is drawn on the timeline: the messages between servers, and how the servers stood meanwhile. */
export interface Trace {
  /** By time. */
  readonly messages: Sequence<TracedMessage>;
  /** Those that pass all the time, by time: apart, so that they do not drive the others out. */
  readonly background: Sequence<TracedMessage>;
  /** By time. */
  readonly changes: Sequence<StateChange>;
  /** Messages that nobody told of, because the reader was too slow. */
  readonly missed: number;
}

export interface StateChange {
  /** Unix time, microseconds. */
  readonly timeUs: number;
  readonly server: NodeId;
  readonly state: ServerState;
}

export const emptyTrace: Trace = {
  messages: Sequence.empty(),
  background: Sequence.empty(),
  changes: Sequence.empty(),
  missed: 0,
};

/** What servers tell one another without a round or an operation. */
const backgroundTypes = new Set(['status', 'introduce', 'acquainted']);

export function isBackground({ type }: { readonly type: string }): boolean {
  return backgroundTypes.has(type);
}

export function addMessages(trace: Trace, added: readonly TracedMessage[], missed: number): Trace {
  let { messages, background } = trace;
  for (const message of added) {
    if (isBackground(message)) background = insert(background, message);
    else messages = insert(messages, message);
  }
  return {
    ...trace,
    messages: messages.keepNewest(keptMessages),
    background: background.keepNewest(keptBackground),
    missed: trace.missed + missed,
  };
}

export function addChange(trace: Trace, change: StateChange): Trace {
  return { ...trace, changes: insert(trace.changes, change).keepNewest(keptChanges) };
}

/** Servers tell of what has just happened: the place is near the end. */
function insert<T extends { readonly timeUs: number }>(items: Sequence<T>, item: T): Sequence<T> {
  let at = items.length;
  while (at > 0 && items.at(at - 1)!.timeUs > item.timeUs) at--;
  return items.insert(at, item);
}
