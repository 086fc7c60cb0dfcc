import { renderJudgement } from '../check/render-judgement.js';
import { table } from '../menu/table.js';
import { count, seconds, showFaults } from '../record/render-summary.js';
import { secondsForAllFailpoints, type TortureReport } from './report.js';

/** What a torture found, as lines of text. */
export function renderReport(report: TortureReport): string[] {
  const { system, seed, servers, operations, milliseconds, perSecond, longestGapMs, faults, failpoints } = report;
  const total = Object.values(operations).reduce((sum, n) => sum + n, 0);
  const outcomes = Object.entries(operations).map(([outcome, n]) => `${count(n)} ${outcome}`);
  const hits = Object.entries(failpoints).map(([name, n]) => [name, count(n)]);
  return [
    `${system}, ${servers} servers, seed ${seed}: ${count(total)} operations in ${seconds(milliseconds)}`,
    `  outcomes: ${outcomes.join(', ')}`,
    `  completed: ${count(perSecond)} a second, longest time without: ${seconds(longestGapMs)}`,
    `  faults: ${showFaults(faults)}`,
    ...(hits.length > 0 ? table(['killed at failpoint', 'times'], hits, [1]) : []),
    ...renderVerdict(report),
  ];
}

function renderVerdict({ never, lost, judgement, problems, verdict, kept }: TortureReport): string[] {
  return [
    ...(never.length > 0 ? [`  never killed at: ${never.join(', ')}`] : []),
    ...(never.length > 0 && verdict === 'good' ? [`  (not judged in less than ${secondsForAllFailpoints} s)`] : []),
    ...(lost && lost.servers.length > 0
      ? [`  disks lost: ${lost.servers.join(', ')}, and ${count(lost.transfers)} transfers that stood there alone`]
      : []),
    ...(judgement ? renderJudgement(judgement) : []),
    ...problems.map((problem) => `  ${problem}`),
    `verdict: ${verdict}`,
    ...(kept ? [`the servers' data is in ${kept.directory}; to judge what clients saw again: ${kept.again}`] : []),
  ];
}
