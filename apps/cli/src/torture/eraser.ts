import type { RegisterHandle, SynodClient } from '@synod/client';
import type { Outcome } from '@synod/linearizability';
import { drawIndex, seededRandom } from '@synod/simulator';
import { clientSubject } from '../record/client-subject.js';
import { pause } from '../record/pause.js';
import type { RecordedClient, Recorder } from '../record/recorder.js';
import { changeRecorded, readRecorded, writeRecorded } from '../record/workload.js';

export interface EraserOptions {
  readonly client: SynodClient;
  /** Keys begin with it. */
  readonly prefix: string;
  readonly seed: number;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** Between two operations, ms. */
const betweenMs = 100;
/**
 * Deletes write one value many times, so that an order has to be searched for: it is found at once where one client
 * makes few operations, of which no two are of unknown outcome.
 */
const operationsPerKey = 50;

/** One client that writes, reads and deletes, and goes to a new key from time to time, and after an unknown outcome. */
export async function erase({ client, prefix, seed, recorder, signal }: EraserOptions): Promise<void> {
  const random = seededRandom(seed, 'eraser');
  const subject = clientSubject(client, 'register');
  const recorded = recorder.client();
  for (let keys = 1; !signal.aborted; keys++) {
    const key = `${prefix}${keys}`;
    let outcome: Outcome = 'ok';
    for (let n = 1; n <= operationsPerKey && outcome !== 'info' && !signal.aborted; n++) {
      const operations = [
        () => writeRecorded(subject, recorded, key, `${key}-${n}`),
        () => readRecorded(subject, recorded, key),
        () => deleteRecorded(client.register(key), recorded),
      ];
      outcome = await operations[drawIndex(random, operations.length)]!();
      await pause(betweenMs, signal);
    }
  }
}

/** A delete is a write of nothing. */
function deleteRecorded(register: RegisterHandle, recorded: RecordedClient): Promise<Outcome> {
  return changeRecorded(recorded, register.key, null, () => register.delete({ timeoutMs: 3000 }));
}
