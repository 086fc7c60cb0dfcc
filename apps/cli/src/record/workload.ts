import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';
import type { Outcome, Tag } from '@synod/linearizability';
import { drawIndex, seededRandom } from '@synod/simulator';
import { pause } from './pause.js';
import type { RecordedClient, Recorder } from './recorder.js';
import { settleAll } from './settle-all.js';

/** Registers as one client sees them. Every call ends in bounded time; what fails, fails with a `SynodError`. */
export interface Subject {
  /** `null`: never written. */
  read(key: string): Promise<{ readonly value: string | null; readonly tag?: Tag }>;
  write(key: string, value: string): Promise<{ readonly tag?: Tag }>;
}

export interface WorkloadOptions {
  readonly recorder: Recorder;
  /** Who the clients ask: the first client the first of them, and so on, around and around. */
  readonly subjects: readonly Subject[];
  /** How many work at the same time. */
  readonly clients: number;
  readonly keys: readonly string[];
  /** The part of all operations that are reads, from 0 to 1. */
  readonly readShare: number;
  /** The same seed: the same operations of each client, in the same order. */
  readonly seed: number;
  /** No operation begins after it; those under way are waited for. */
  readonly signal: AbortSignal;
  /** At most so many operations a second, of all clients together; by default no limit. */
  readonly perSecond?: number;
}

/** A server that refuses at once would fill the history with refusals. */
const afterFailureMs = 10;

/** Clients that read and write registers, one operation after the other, and whose history is recorded. */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #broken = new AbortController();
  readonly #signal: AbortSignal;
  /** Operations that have ended, by outcome. */
  readonly counts: Record<Outcome, number> = { ok: 0, fail: 0, info: 0 };

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#broken.signal]);
    setMaxListeners(0, this.#signal); // every client may wait for it
  }

  /** Resolves when the last client has ended. Rejects if the history can not be written, or the subject is broken. */
  async run(): Promise<void> {
    const clients = Array.from({ length: this.#options.clients }, (_, client) => this.#work(client));
    await settleAll(
      clients.map((work) =>
        work.catch((error: unknown) => {
          this.#broken.abort();
          throw error;
        }),
      ),
    );
  }

  async #work(client: number): Promise<void> {
    const { recorder, subjects, clients, keys, readShare, seed, perSecond } = this.#options;
    const random = seededRandom(seed, `client ${client}`);
    const recorded = recorder.client();
    const subject = subjects[client % subjects.length]!;
    const intervalMs = perSecond === undefined ? 0 : (1000 * clients) / perSecond;
    let due = performance.now() + (client / clients) * intervalMs;
    for (let n = 1; ; n++) {
      await recorder.drained();
      if (due > performance.now()) await pause(due - performance.now(), this.#signal);
      if (this.#signal.aborted) return;
      due = Math.max(due + intervalMs, performance.now());
      const key = keys[drawIndex(random, keys.length)]!;
      const isRead = random() < readShare;
      const outcome = isRead
        ? await readRecorded(subject, recorded, key)
        : await writeRecorded(subject, recorded, key, `${client}-${n}`);
      this.counts[outcome]++;
      if (outcome !== 'ok') await pause(afterFailureMs, this.#signal);
    }
  }
}

/** A read by a client. One that fails changed nothing, and returned nothing: it is known not to matter. */
export async function readRecorded(subject: Subject, recorded: RecordedClient, key: string): Promise<Outcome> {
  recorded.invoke('read', key, null);
  try {
    const { value, tag } = await subject.read(key);
    recorded.ok(value, tag);
    return 'ok';
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    recorded.fail();
    return 'fail';
  }
}

/** A write by a client. `value` is written by this operation alone, so that whoever reads it tells which write it saw. */
export function writeRecorded(
  subject: Subject,
  recorded: RecordedClient,
  key: string,
  value: string,
): Promise<Outcome> {
  return changeRecorded(recorded, key, value, () => subject.write(key, value));
}

/** What a client changes, however: to a value, or with `null` to nothing. */
export async function changeRecorded(
  recorded: RecordedClient,
  key: string,
  value: string | null,
  change: () => Promise<{ readonly tag?: Tag }>,
): Promise<Outcome> {
  recorded.invoke('write', key, value);
  try {
    const { tag } = await change();
    recorded.ok(value, tag);
    return 'ok';
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    const outcome = error.definite ? 'fail' : 'info';
    recorded[outcome]();
    return outcome;
  }
}
