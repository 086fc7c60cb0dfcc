import type { NodeId } from '@synod/kernel';
import type { Metrics } from '@synod/metrics';
import type { EventLog } from './event-log.js';

/** What a server is watched with, made before its application. */
export interface Instruments {
  readonly server: NodeId;
  readonly metrics: Metrics;
  readonly events: EventLog;
}
