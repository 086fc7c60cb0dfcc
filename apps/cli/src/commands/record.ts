import { randomInt } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { decide, loadHistory } from '../check/judge.js';
import type { Judgement } from '../check/judgement.js';
import { renderJudgement } from '../check/render-judgement.js';
import { exitCodeOfJudgement, exitCodes, type ExitCode } from '../exit-codes.js';
import { showEvent, type FaultEvent } from '../nemesis/nemesis.js';
import { foundCluster, ownCluster, type RecordedCluster } from '../record/recorded-cluster.js';
import { record } from '../record/recording.js';
import { renderSummary } from '../record/render-summary.js';
import { summarise, type RecordingSummary } from '../record/summary.js';
import { untilSignal } from '../signals.js';
import { writeFound } from '../write-out.js';
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
  await writeFound({ seed, ...summary, judgement }, { json, render: renderRecording });
  return judgement ? exitCodeOfJudgement(judgement) : exitCodes.done;
}

function renderRecording({ judgement, ...summary }: RecordingSummary & { readonly judgement?: Judgement }): string[] {
  return [...renderSummary(summary), ...(judgement ? renderJudgement(judgement) : [])];
}

/** The file is opened before anything is started. Resolves when it holds the history. */
async function recordTo(path: string, seed: number, choices: RecordChoices): Promise<readonly FaultEvent[]> {
  const interrupted = untilSignal();
  const output = (await open(path, 'w')).createWriteStream();
  try {
    const cluster = await clusterFor(choices, seed, interrupted);
    // Not AbortSignal.timeout: another signal that is made of it does not keep it from being collected.
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), choices.seconds * 1000);
    try {
      const { clients, readShare, rate: perSecond, faults: classes } = choices;
      tell(`${cluster.name}, ${clients} clients, ${cluster.keys.length} keys, seed ${seed}`);
      const { breakable } = cluster;
      const nemesis =
        breakable && classes.length > 0
          ? { ...breakable, classes, log: (event: FaultEvent) => tell(showEvent(event)) }
          : undefined;
      const work = record({ ...cluster, clients, readShare, perSecond, seed, signal: stop.signal, output, nemesis });
      return await Promise.race([interrupted, cluster.failed, work]);
    } finally {
      clearTimeout(timer);
      stop.abort();
      await cluster.close();
    }
  } finally {
    output.destroy();
  }
}

function clusterFor(choices: RecordChoices, seed: number, interrupted: Promise<never>): Promise<RecordedCluster> {
  const { connect, servers, clients, keys } = choices;
  if (connect) return foundCluster({ addresses: connect, clients, keys });
  tell(`starting ${servers} servers …`);
  return ownCluster({ servers, clients, keys, seed, interrupted });
}

/** What is under way; what is found stands on stdout. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
