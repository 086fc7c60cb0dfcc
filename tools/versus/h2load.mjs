// h2load of nghttp2: unary gRPC calls at next to no cost for who calls, which shows what servers can do. One run of it sends
// one and the same body, so several run side by side, each with a key of its own: all calls go to these few keys.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'hdr-histogram-js';
import { run } from './processes.mjs';

/** How many run side by side. */
const mostRuns = 8;

/** A request as it travels: not compressed, its length, its bytes. */
export function grpcBody(message) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

export async function h2load({ targets, path, bodyOf }, { inFlight, warmUp, seconds }) {
  const count = Math.min(mostRuns, inFlight);
  const directory = mkdtempSync(join(tmpdir(), 'synod-h2load-'));
  try {
    const runs = Array.from({ length: count }, async (_, i) => {
      const [body, log] = ['body', 'log'].map((name) => join(directory, `${name}-${i}`));
      writeFileSync(body, bodyOf(i));
      const streams = Math.floor(inFlight / count) + (i < inFlight % count ? 1 : 0);
      const printed = await run('h2load', [
        ...['-c', '1', '-m', String(streams), '-D', String(seconds), '--warm-up-time', String(warmUp)],
        ...['-d', body, '--log-file', log, '-H', 'content-type: application/grpc', '-H', 'te: trailers'],
        `http://${targets[i % targets.length]}${path}`,
      ]);
      return { streams, printed, log: readFileSync(log, 'utf8') };
    });
    return summary(await Promise.all(runs), seconds);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each line of a log: when it began, the status, microseconds. */
function summary(runs, seconds) {
  const times = build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const { streams, printed, log } of runs) {
    const calls = log.split('\n').map((line) => line.split('\t'));
    const answered = calls.filter(([, status]) => status === '200');
    const count = answered.length;
    for (const [, , microseconds] of answered) times.recordValue(Number(microseconds));
    // What is under way at the end is cut.
    const cut = calls.length - 1 - count;
    if (cut > streams) throw new Error(`h2load: ${cut} of ${calls.length - 1} calls had no answer: ${printed}`);
    // A call that fails has a status of its own behind an HTTP 200, and no message.
    const data = Number(/ (\d+)\) data$/m.exec(printed)?.[1] ?? /\((\d+)\) data/.exec(printed)?.[1]);
    if (!(data > 5 * count) || count === 0) throw new Error(`h2load: ${count} calls were answered with ${data} bytes`);
  }
  const quantile = (percentile) => times.getValueAtPercentile(percentile) / 1000;
  return { perSecond: times.totalCount / seconds, p50: quantile(50), p99: quantile(99) };
}
