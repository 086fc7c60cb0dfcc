import { blocksView } from './blocks.js';
import { clusterView } from './cluster/cluster.js';
import { eventsView } from './events.js';
import { ledgerView } from './ledger.js';
import { logView } from './log.js';
import { performanceView } from './performance.js';
import { registersView } from './registers.js';
import { timelineView } from './timeline/timeline.js';
import type { View, ViewId } from './view.js';

/** All views, by id, in the order of their tabs. */
export const views: Readonly<Record<ViewId, View>> = {
  cluster: clusterView,
  ledger: ledgerView,
  blocks: blocksView,
  log: logView,
  registers: registersView,
  performance: performanceView,
  events: eventsView,
  timeline: timelineView,
};
