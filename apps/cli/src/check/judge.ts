import { createReadStream } from 'node:fs';
import { checkHistory, checkTags, HistoryReader, type History, type SearchLimits } from '@synod/linearizability';
import { inFile } from '../in-file.js';
import type { Finding, Judgement } from './judgement.js';

/** Bytes that are read at a time: to wait for each costs more than to read it. */
const highWaterMark = 1024 * 1024;

/** Reads a history from a file, or from stdin if it is `-`, and decides it. Rejects with `SynodError` `invalid_argument`. */
export async function judge(history: string, limits: SearchLimits): Promise<Judgement> {
  const began = performance.now();
  return decide(history, await loadHistory(history), limits, began);
}

/** Decides a history that was read already. `history`: where it came from; `began`: as `performance.now()` counts. */
export function decide(
  history: string,
  operations: History,
  limits: SearchLimits = {},
  began = performance.now(),
): Judgement {
  const { verdict, keys } = checkHistory(operations, limits);
  const tags = checkTags(operations);
  return {
    history,
    verdict,
    operations: operations.length,
    keys: keys.length,
    violated: keys.flatMap(({ key, counterexample, explanation }): Finding[] =>
      counterexample ? [{ key, operations: counterexample.operations, explanation }] : [],
    ),
    unknown: keys.flatMap(({ key, verdict }) => (verdict === 'unknown' ? key : [])),
    tags: {
      checked: tags.tagged,
      violated: tags.violations.map(({ key, operations, explanation }) => ({ key, operations, explanation })),
    },
    milliseconds: Math.round(performance.now() - began),
  };
}

/** Reads a history from a file, or from stdin if it is `-`. Rejects with `SynodError` `invalid_argument`. */
export async function loadHistory(history: string): Promise<History> {
  const reader = new HistoryReader();
  try {
    const input: AsyncIterable<Buffer> = history === '-' ? process.stdin : createReadStream(history, { highWaterMark });
    for await (const bytes of input) reader.addBytes(bytes);
    return reader.end();
  } catch (error) {
    throw inFile(history === '-' ? 'stdin' : history, error, 'a history (JSON lines)');
  }
}
