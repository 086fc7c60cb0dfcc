// How cost grows: with servers, with what is under way, and with more than it can take.
import { measure } from './contenders.mjs';
import { registers } from './rows.mjs';

const put = (more) => registers('put', 256, more);
/** Arrivals beyond what it can take wait for their turn; so many are under way at a time. */
const overloadInFlight = 4096;
const overload = 4;

/** Resolves with rows of `curve`, `at` and figures. `tell` is told of each. */
export async function drawCurves(options, tell) {
  const points = [];
  const point = async (curve, at, contender) => {
    const { perSecond, p50, p99 } = await measure(contender, options);
    points.push({ curve, at, perSecond, p50, p99 });
    tell(`${curve} ${at}: ${Math.round(perSecond)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
    return perSecond;
  };
  for (const servers of [3, 5, 7, 9]) await point('servers', servers, put({ servers }));
  let peak = 0;
  for (const inFlight of [1, 4, 16, 64, 256, 1024])
    peak = Math.max(peak, await point('in flight', inFlight, put({ inFlight })));
  for (const factor of [0.5, 1, overload]) {
    await point('of the peak', factor, put({ inFlight: overloadInFlight, rate: factor * peak }));
  }
  return points;
}

export function curveTable(points) {
  const lines = points.map(({ curve, at, perSecond, p50, p99 }) => {
    return `| ${curve} | ${at} | ${Math.round(perSecond).toLocaleString('en-US')}/s | ${p50.toFixed(2)} ms | ${p99.toFixed(2)} ms |`;
  });
  return ['| puts by | at | throughput | p50 | p99 |', '| --- | ---: | ---: | ---: | ---: |', ...lines];
}
