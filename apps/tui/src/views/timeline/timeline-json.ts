import { fateOf } from '../../model/arrows.js';
import type { Model } from '../../model/model.js';
import { arrowsOf } from './timeline.js';

/** What the timeline knows, for other programs: one JSON object. Times are Unix microseconds, null where unknown. */
export function timelineJson(model: Model): string {
  const nowUs = model.nowMs * 1000;
  const messages = arrowsOf(model.trace.messages, model.trace.background).map((arrow) => {
    const { type, subject, from, to, sentUs = null, receivedUs = null } = arrow;
    return { type, subject, from, to, sentUs, receivedUs, fate: fateOf(arrow, nowUs) };
  });
  const states = [...model.trace.changes];
  return `${JSON.stringify({ cluster: model.cluster, servers: model.servers.map(({ id }) => id), messages, states }, null, 2)}\n`;
}
