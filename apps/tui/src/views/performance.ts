import type { MethodFigures, PerformanceReport } from '@synod/kernel';
import { join, line, span, type Line, type Size } from '../layout/line.js';
import { histogram } from '../layout/histogram.js';
import { bar } from '../layout/sparkline.js';
import { beside } from '../layout/stack.js';
import { table, type Column } from '../layout/table.js';
import { count, ms, rate } from '../layout/text.js';
import { padEnd } from '../layout/width.js';
import { clamp, showWindow, windowAround } from '../layout/window.js';
import type { Model } from '../model/model.js';
import type { ServerModel } from '../model/server-model.js';
import { showState } from './server-sign.js';
import { heading, moveCursor, type View, type ViewState } from './view.js';

/** What one server measured: its RPC methods, its requests, and how long the last ones took. */
export const performanceView: View = {
  id: 'performance',
  title: 'Performance',
  short: 'Perf',

  draw({ model }, state, size): Line[] {
    const server = serverIn(model, state);
    if (!server) return [heading('Performance', 'no server yet', '', size)];
    const about = join(span(server.id, 'strong'), '  ', showState(server), span('  s: the next server', 'quiet'));
    const { performance } = server;
    if (!performance) {
      const why = server.reach === 'answers' ? '… being asked' : 'No figures: they are not kept on disk.';
      return [heading('Performance', about, '', size), line(`  ${why}`, 'quiet')];
    }
    return drawFigures(performance, state, size, about);
  },

  move(model, state, motion) {
    const { length } = methodsOf(serverIn(model, state)?.performance);
    return { ...state, cursor: moveCursor(state.cursor ?? 0, length, motion) };
  },

  want(model, state) {
    const server = serverIn(model, state);
    return server && { type: 'performance', server: server.id };
  },
};

function drawFigures(report: PerformanceReport, state: ViewState, size: Size, about: Line): Line[] {
  const { requests, writes, loopDelayMs } = report;
  const methods = methodsOf(report);
  const summary = [
    line(
      `  ${count(requests.count, 'request')}  mean ${ms(requests.meanMs)}  p50 ${ms(requests.p50Ms)}  ` +
        `p99 ${ms(requests.p99Ms)} ms  ${rate(requests.perSecond)}/s`,
    ),
    line(
      `  ${count(writes.count, 'durable write')}  p50 ${ms(writes.p50Ms)}  p99 ${ms(writes.p99Ms)} ms` +
        `   event loop late by ${ms(loopDelayMs)} ms`,
    ),
  ];
  const isWide = size.columns >= 140;
  const histogramColumns = isWide ? Math.floor(size.columns / 3) : size.columns;
  const buckets = drawHistogram(report, histogramColumns);
  const room = size.rows - 1 - summary.length - (isWide ? 0 : buckets.length);
  const window = windowAround(clamp(state.cursor ?? 0, 0, methods.length), methods.length, Math.max(1, room - 1));
  const width = isWide ? size.columns - histogramColumns - 2 : size.columns;
  const most = Math.max(...methods.map(({ p99Ms }) => p99Ms), 0);
  const rows = methods.slice(window.from, window.to).map((method) => drawMethod(method, most));
  const calls = methods.length === 0 ? [line('  No call yet.', 'quiet')] : table(columns, rows, width);
  return [
    heading('Performance', about, showWindow(window, methods.length), size),
    ...summary,
    ...(isWide ? beside(calls, buckets, width + 2) : [...calls, ...buckets]),
  ];
}

const barWidth = 14;

const columns: readonly Column[] = [
  { title: '  RPC method', max: 44, grows: true, min: 20 },
  { title: 'count', align: 'right', min: 6 },
  { title: 'failed', align: 'right' },
  { title: 'total ms', align: 'right', priority: 1 },
  { title: 'mean', align: 'right', min: 5 },
  { title: 'p50', align: 'right', min: 5 },
  { title: 'p99', align: 'right', min: 5 },
  { title: 'p99 compared', min: barWidth, priority: 2 },
];

function drawMethod(
  { method, count: calls, failed, totalMs, meanMs, p50Ms, p99Ms }: MethodFigures,
  most: number,
): Line[] {
  return [
    line(`  ${method.replace(/^.*\./, '')}`),
    line(calls.toLocaleString('en-US')),
    failed > 0 ? line(String(failed), 'warn') : line('·', 'quiet'),
    line(ms(totalMs)),
    line(ms(meanMs)),
    line(ms(p50Ms)),
    line(ms(p99Ms)),
    line(bar(p99Ms, most, barWidth), 'accent'),
  ];
}

/** How long the last requests took, by status. */
function drawHistogram({ requests: { recent } }: PerformanceReport, columns: number): Line[] {
  if (recent.length === 0) return [];
  const buckets = histogram(recent.map(({ ms: took }) => took));
  const most = Math.max(...buckets.map((bucket) => bucket.count));
  const room = Math.max(8, Math.min(50, columns - 26));
  return [
    join(span(`  The last ${count(recent.length, 'request')}`, 'strong'), span(', by milliseconds', 'quiet')),
    ...buckets.map(({ from, to, count: n }) => {
      const bounds = `${from}–${to}`.padStart(12);
      return join(`  ${bounds}  `, span(padEnd(bar(n, most, room), 1), 'accent'), ` ${n}`);
    }),
  ];
}

/** Those that were called, the busiest first. */
function methodsOf(report: PerformanceReport | undefined): readonly MethodFigures[] {
  return (report?.methods ?? []).filter(({ count: calls }) => calls > 0).sort((a, b) => b.totalMs - a.totalMs);
}

function serverIn({ servers }: Model, { server }: ViewState): ServerModel | undefined {
  return servers.find(({ id }) => id === server) ?? servers[0];
}
