import { table } from '../menu/table.js';
import { faultKinds } from '../nemesis/fault.js';
import type { Outcomes, RecordingSummary } from './summary.js';

/** A summary as lines of text. */
export function renderSummary({ operations, keys, milliseconds, longestGapMs, faults }: RecordingSummary): string[] {
  return [
    `${count(sum(operations))} operations in ${seconds(milliseconds)}: ${showOutcomes(operations)}`,
    ...table(
      ['key', 'reads ok', 'failed', 'writes ok', 'failed', 'unknown'],
      keys.map(({ key, reads, writes }) => {
        return [key, ...[reads.ok, reads.fail, writes.ok, writes.fail, writes.info].map(count)];
      }),
      [1, 2, 3, 4, 5],
    ),
    `  longest time without a completed operation: ${seconds(longestGapMs)}`,
    `  faults: ${showFaults(faults)}`,
  ];
}

export function showFaults(faults: RecordingSummary['faults']): string {
  const made = faultKinds.filter((kind) => faults[kind] > 0).map((kind) => `${kind} ${faults[kind]}`);
  return made.length === 0 ? 'none' : made.join(', ');
}

function showOutcomes({ ok, fail, info }: Outcomes): string {
  return `${count(ok)} ok, ${count(fail)} failed, ${count(info)} of unknown outcome`;
}

function sum({ ok, fail, info }: Outcomes): number {
  return ok + fail + info;
}

export function count(n: number): string {
  return n.toLocaleString('en');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
