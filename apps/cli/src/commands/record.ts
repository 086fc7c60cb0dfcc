import { randomInt } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { toJson } from '@synod/client';
import { decide, loadHistory } from '../check/judge.js';
import { renderJudgement } from '../check/render-judgement.js';
import { exitCodeOfJudgement, exitCodes, type ExitCode } from '../exit-codes.js';
import type { FaultEvent } from '../record/nemesis.js';
import { foundCluster, ownCluster, type RecordedCluster } from '../record/recorded-cluster.js';
import { record } from '../record/recording.js';
import { renderSummary } from '../record/render-summary.js';
import { summarise } from '../record/summary.js';
import { untilSignal } from '../signals.js';
import { writeOut } from '../write-out.js';
import { withRecordOptions, type RecordChoices } from './record-options.js';

/** `synod record`: a history of registers under clients, and faults if wanted, and its verdict. */
export function addRecord(program: Command, end: (code: ExitCode) => void): void {
  withRecordOptions(program.command('record'))
    .description('let clients read and write registers while servers fail, record what they see, and decide it')
    .action(async (choices: RecordChoices) => end(await recordAndCheck(choices)));
}

async function recordAndCheck(choices: RecordChoices): Promise<ExitCode> {
  const { history, check, json, seed = randomInt(2 ** 32) } = choices;
  const faults = await recordTo(history, seed, choices);
  const operations = await loadHistory(history);
  const summary = summarise(operations, faults);
  const judgement = check ? decide(history, operations) : undefined;
  const lines = [...renderSummary(summary), ...(judgement ? renderJudgement(judgement) : [])];
  await writeOut(json ? `${toJson({ seed, ...summary, judgement })}\n` : lines.map((line) => `${line}\n`).join(''));
  return judgement ? exitCodeOfJudgement(judgement) : exitCodes.done;
}

/** The file is opened before anything is started. Resolves when it holds the history. */
async function recordTo(path: string, seed: number, choices: RecordChoices): Promise<readonly FaultEvent[]> {
  const interrupted = untilSignal();
  const output = (await open(path, 'w')).createWriteStream();
  try {
    const cluster = await clusterFor(choices, interrupted);
    const stop = new AbortController();
    try {
      const { clients, seconds, readShare, rate: perSecond, faults: kinds } = choices;
      tell(`${cluster.name}, ${clients} clients, ${cluster.keys.length} keys, seed ${seed}`);
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(seconds * 1000)]);
      const { breakable } = cluster;
      const nemesis = breakable && kinds.length > 0 ? { ...breakable, kinds, log: tellFault } : undefined;
      const work = record({ ...cluster, clients, readShare, perSecond, seed, signal, output, nemesis });
      return await Promise.race([interrupted, cluster.failed, work]);
    } finally {
      stop.abort();
      await cluster.close();
    }
  } finally {
    output.destroy();
  }
}

function clusterFor(choices: RecordChoices, interrupted: Promise<never>): Promise<RecordedCluster> {
  const { connect, servers, clients, keys } = choices;
  if (connect) return foundCluster({ addresses: connect, clients, keys });
  tell(`starting ${servers} servers …`);
  return ownCluster({ servers, clients, keys, interrupted });
}

function tellFault({ action, server }: FaultEvent): void {
  tell(`${action} ${server}`);
}

/** What is under way; what is found stands on stdout. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
