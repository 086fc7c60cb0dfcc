import type { NodeId } from '@synod/kernel';
import { clock } from '../../layout/text.js';
import { beginOf, fateOf, type Arrow } from '../../model/arrows.js';
import type { Model } from '../../model/model.js';
import type { StateChange } from '../../model/trace.js';
import { messageType, legendOf } from './message-types.js';
import { timeScale, type TimeScale } from './time-scale.js';
import { arrowsOf } from './timeline.js';

const left = 70;
const right = 40;
const top = 70;
const bottom = 50;
const laneHeight = 80;

const styles = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1d2433; }
.lane { stroke: #9aa4b2; stroke-width: 1.5; }
.down { stroke: #d6453d; stroke-dasharray: 2 5; }
.apart { stroke-dasharray: 6 4; }
.quiet { fill: #6b7484; }
.small { font-size: 11px; }
`;

/** The messages as a space-time diagram: a lane for each server, time going right, idle time shortened. */
export function timelineSvg(model: Model): string {
  const { changes, messages } = model.trace;
  const servers = model.servers.map(({ id }) => id);
  const arrows = arrowsOf(messages);
  const states = [...changes];
  const times = [
    ...arrows.flatMap(({ sentUs, receivedUs }) => [sentUs ?? [], receivedUs ?? []].flat()),
    ...states.map(({ timeUs }) => timeUs),
  ];
  const scale = timeScale(times);
  const y = (server: NodeId) => top + servers.indexOf(server) * laneHeight;
  const width = left + scale.width + right;
  const height = top + Math.max(0, servers.length - 1) * laneHeight + bottom;
  const used = new Set(arrows.map(({ type }) => type));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}" role="img">`,
    `<title>Messages between ${servers.map(escape).join(', ')}</title>`,
    `<style>${styles}</style>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text class="quiet" x="10" y="20">${escape(titleOf(times))}</text>`,
    `<text class="quiet small" x="10" y="38">${escape(legendOf(used))}  (dashed: lost)</text>`,
    ...subjects(arrows, scale),
    ...scale.breaks.map(
      (x) => `<text class="quiet small" x="${round(left + x)}" y="${height - 18}" text-anchor="middle">≈</text>`,
    ),
    ...servers.flatMap((server) => lane(server, y(server), states, scale)),
    ...arrows.map((arrow) => message(arrow, y, scale, model.nowMs * 1000)),
    '</svg>\n',
  ].join('\n');
}

function titleOf(times: readonly number[]): string {
  if (times.length === 0) return 'no messages';
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  return `${clock(first / 1000)} to ${clock(last / 1000)}`;
}

/** What the messages are about, where it begins. */
function subjects(arrows: readonly Arrow[], scale: TimeScale): string[] {
  let current: string | undefined;
  let free = -Infinity;
  return arrows.flatMap((arrow) => {
    if (arrow.subject === current) return [];
    current = arrow.subject;
    const x = left + scale.x(beginOf(arrow));
    if (x < free) return [];
    free = x + current.length * 7 + 10;
    return [`<text class="quiet small" x="${round(x)}" y="56">${escape(current)}</text>`];
  });
}

/** A lane in pieces, each as its server stood, and a sign where that changed. */
function lane(server: NodeId, y: number, states: readonly StateChange[], scale: TimeScale): string[] {
  const own = states.filter((change) => change.server === server);
  const end = left + scale.width;
  const drawn = [`<text x="10" y="${y + 4}">${escape(server)}</text>`];
  let x = left;
  let state: StateChange['state'] | undefined;
  for (const change of [...own, undefined]) {
    const until = change ? left + scale.x(change.timeUs) : end;
    const kind = state === 'down' ? ' down' : state === 'disconnected' || state === 'silent' ? ' apart' : '';
    drawn.push(`<line class="lane${kind}" x1="${round(x)}" y1="${y}" x2="${round(until)}" y2="${y}"/>`);
    if (change)
      drawn.push(
        `<text class="small" x="${round(until)}" y="${y - 6}">${change.state === 'down' ? '✗ ' : ''}${change.state}</text>`,
      );
    x = until;
    state = change?.state;
  }
  return drawn;
}

/** What stands at the end of a message that has not arrived. */
const ends = { arrived: '', lost: '✗', 'under way': '…', 'not seen': '?' } as const;

function message(arrow: Arrow, y: (server: NodeId) => number, scale: TimeScale, nowUs: number): string {
  const { letter, colour } = messageType(arrow.type);
  const fate = fateOf(arrow, nowUs);
  const x1 = left + scale.x(beginOf(arrow));
  const y1 = y(arrow.from);
  const isWhole = fate === 'arrived';
  // What did not arrive ends half way.
  const x2 = isWhole ? left + scale.x(arrow.receivedUs!) : x1 + 20;
  const y2 = isWhole ? y(arrow.to) : (y1 + y(arrow.to)) / 2;
  const place = isWhole ? 0.7 : 0.3;
  const [hx, hy] = [x1 + (x2 - x1) * place, y1 + (y2 - y1) * place];
  const dash = fate === 'lost' ? ' stroke-dasharray="5 4"' : '';
  const title = `${arrow.type}, ${arrow.subject}: ${arrow.from} to ${arrow.to}, ${fate}`;
  return [
    `<g><title>${escape(title)}</title>`,
    `<line x1="${round(x1)}" y1="${y1}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="1.5"${dash}/>`,
    isWhole
      ? head(x1, y1, x2, y2, colour)
      : `<text x="${round(x2 - 4)}" y="${round(y2 + 5)}" style="fill:${colour}">${ends[fate]}</text>`,
    `<text class="small" x="${round(hx + 3)}" y="${round(hy)}" style="fill:${colour}">${escape(letter)}</text></g>`,
  ].join('');
}

/** The point of an arrow. */
function head(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const corner = (turn: number) =>
    `${round(x2 - 9 * Math.cos(angle + turn))},${round(y2 - 9 * Math.sin(angle + turn))}`;
  return `<polygon points="${round(x2)},${y2} ${corner(0.35)} ${corner(-0.35)}" fill="${colour}"/>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Names and subjects come from anywhere: XML has no place for control characters. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (one) => entities[one]!);
}
