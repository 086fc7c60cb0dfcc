import type { Writable } from 'node:stream';
import { SynodError } from '@synod/kernel';
import { Nemesis, type FaultEvent, type NemesisOptions } from '../nemesis/nemesis.js';
import { Recorder } from './recorder.js';
import { settleAll } from './settle-all.js';
import { readRecorded, Workload, writeRecorded, type Subject, type WorkloadOptions } from './workload.js';

export interface RecordingOptions extends Omit<WorkloadOptions, 'recorder'> {
  /** Takes the history, and is ended. */
  readonly output: Writable;
  /** Keys that may hold something already: they are written before anything else, once each. */
  readonly used?: readonly string[];
  /** Without it nothing is broken. */
  readonly nemesis?: Omit<NemesisOptions, 'seed' | 'signal'>;
  /** What else is done until the signal comes, to servers or by clients that the recorder gives. */
  readonly beside?: readonly ((signal: AbortSignal, recorder: Recorder) => Promise<void>)[];
  /** Resolves when the servers have come to rest after the last fault. */
  readonly atRest?: () => Promise<void>;
  /** Who is asked for every key when all is healed. Default: the first of the subjects. */
  readonly last?: readonly Subject[];
}

/**
 * One more client: when all others wait for the one writer of a key, somebody still sees whether registers answer.
 * It only reads, at a moderate pace, until all is healed.
 */
const lookout = { clients: 1, readShare: 1, perSecond: 20 } as const;

/**
 * Lets clients work, and a nemesis rage, until the signal comes; then all is healed, and every key is read once more.
 * Resolves when the history is written, with what was broken and healed; rejects if something could not be.
 */
export async function record(options: RecordingOptions): Promise<readonly FaultEvent[]> {
  const { output, used = [], nemesis, beside = [], seed } = options;
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const recorder = new Recorder(output);
  const faults: FaultEvent[] = [];
  const log = (event: FaultEvent) => {
    faults.push(event);
    nemesis?.log?.(event);
  };
  const guarded = (part: Promise<void>) =>
    part.catch((error: unknown) => {
      broken.abort();
      throw error;
    });
  try {
    await writeFirst(used, recorder, options);
    const work = [new Workload({ ...options, recorder, signal }).run()];
    for (const more of beside) work.push(more(signal, recorder));
    if (nemesis) work.push(new Nemesis({ ...nemesis, seed, signal, log }).run());
    const over = new AbortController();
    const looking = new Workload({ ...options, ...lookout, recorder, signal: over.signal }).run();
    await settleAll([settleAll(work.map(guarded)).finally(() => over.abort()), guarded(looking)]);
    await options.atRest?.();
    await readLast(recorder, options);
  } finally {
    await recorder.end();
  }
  return faults;
}

/** What a key held before is of no interest then. */
async function writeFirst(keys: readonly string[], recorder: Recorder, { subjects }: RecordingOptions): Promise<void> {
  const client = recorder.client();
  for (const key of keys) {
    const outcome = await writeRecorded(subjects[0]!, client, key, `first ${key}`);
    if (outcome !== 'ok') throw new SynodError('unavailable', `${key} could not be written before the clients started`);
  }
}

/** An acknowledged write that is lost is seen also where no client has read after it. */
async function readLast(
  recorder: Recorder,
  { subjects, keys, last = subjects.slice(0, 1) }: RecordingOptions,
): Promise<void> {
  const client = recorder.client();
  for (const subject of last) for (const key of keys) await readRecorded(subject, client, key);
}
