import type { NodeId } from '@synod/kernel';
import type { Metrics } from '@synod/metrics';
import type { Backlog, Silences } from '@synod/transport/server';
import type { Members } from '../members.js';
import type { EventLog } from './event-log.js';

/** What a server is watched and tested with, made before its application. */
export interface Instruments {
  readonly server: NodeId;
  readonly metrics: Metrics;
  readonly events: EventLog;
  /** For applications whose servers can be replaced: they tell who was, and which disk is their own. */
  readonly members: Members;
  /** What the server keeps to itself: for services to ask. */
  readonly silence: Silences;
  /** What the operations of clients hold: for services to fill, each with its own. */
  readonly backlog: Backlog;
}
