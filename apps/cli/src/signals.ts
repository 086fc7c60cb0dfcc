import { SynodError } from '@synod/kernel';

/**
 * Rejects with `SynodError` `cancelled` at the first SIGINT, SIGTERM or SIGHUP, and with the system's error when nobody
 * reads the output any more: whoever waits for it ends what it started. A second signal ends the process at once.
 */
export function untilSignal(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new SynodError('cancelled', `ended by ${signal}`)));
    }
    for (const output of [process.stdout, process.stderr]) output.on('error', reject);
  });
}
