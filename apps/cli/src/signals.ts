import { SynodError } from '@synod/kernel';
import { onLauncher } from './launch/launched.js';

/**
 * Rejects with `SynodError` `cancelled` at the first SIGINT, SIGTERM or SIGHUP, here or at the process that launched this
 * one, and with the system's error when nobody reads the output any more: whoever waits for it ends what it started. A
 * second signal ends the process at once.
 */
export function untilSignal(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      let isSecond = false;
      // Not `once`: a library that finds nobody else listening takes it that the signal is to end the process.
      process.on(signal, () => {
        if (isSecond) endAtOnce(signal);
        isSecond = true;
        reject(endedBy(signal));
      });
    }
    onLauncher((what) => reject(endedBy(what)));
    for (const output of [process.stdout, process.stderr]) output.on('error', reject);
  });
}

function endedBy(what: string): SynodError {
  return new SynodError('cancelled', `ended by ${what}`);
}

function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
