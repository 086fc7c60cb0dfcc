// One node of a long run: a machine in the shipped loop on a store of its own.
import { randomInt } from 'node:crypto';
import { NodeLoop, systemClock } from '@synod/kernel';
import { LevelStorage } from '@synod/storage';

/** Uniform in [0, 1). */
export const random = () => randomInt(2 ** 47) / 2 ** 47;

export async function startNode({ self, definition, directory, transport }) {
  const began = performance.now();
  const identity = { cluster: 'long-run', node: self, format: 'long-run-1' };
  const storage = await LevelStorage.open({ directory, identity });
  const onFatal = (error) => {
    throw error;
  };
  const loop = await NodeLoop.open({ self, definition, storage, transport, clock: systemClock, onFatal });
  return {
    startMs: Math.round(performance.now() - began),
    ask: (command) => new Promise((resolve) => loop.invoke(command, resolve)),
    /** Asks `count` times, all at once, and returns when all are answered; `check` sees every answer. */
    askAll: (count, command, check) =>
      new Promise((resolve) => {
        let left = count;
        for (let i = 0; i < count; i++) {
          loop.invoke(command(i), (result) => {
            check(result, i);
            if (--left === 0) resolve();
          });
        }
      }),
    async stop() {
      await loop.stop();
      await storage.close();
    },
  };
}
