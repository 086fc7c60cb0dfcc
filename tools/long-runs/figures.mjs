// What a long run takes: figures as JSON lines on stdout, and the judgement that memory does not grow.
import { readdirSync, statSync } from 'node:fs';

const mebibytes = (bytes) => Math.round(bytes / 2 ** 20);

/** Prints one line. `live`: the heap after a full collection, so that what is needed is told from what is garbage. */
export function tell(what, figures = {}) {
  const rss = process.memoryUsage.rss();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  const live = mebibytes(heapUsed + external);
  const seconds = Math.round(performance.now()) / 1000;
  const { user, system } = process.cpuUsage();
  const cpuSeconds = Math.round((user + system) / 1e4) / 100;
  console.log(JSON.stringify({ what, ...figures, seconds, cpuSeconds, liveMiB: live, rssMiB: mebibytes(rss) }));
  return live;
}

export function storeMiB(directory) {
  return mebibytes(readdirSync(directory).reduce((sum, file) => sum + sizeOf(`${directory}/${file}`), 0));
}

/** LevelDB removes files at any time. */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Throws if the last quarter of these takes more than the second one does: the first is for warming up. */
export function mustBeFlat(what, live) {
  const quarter = (n) =>
    Math.max(...live.slice(Math.floor((n * live.length) / 4), Math.ceil(((n + 1) * live.length) / 4)));
  const [before, after] = [quarter(1), quarter(3)];
  if (after > before * 1.2 + 16) throw new Error(`${what}: memory grows from ${before} to ${after} MiB`);
}
