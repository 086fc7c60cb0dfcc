import { writeSync } from 'node:fs';
import { LevelStorage } from '../level-storage.js';
import { IDENTITY } from './temporary-store.js';

/**
 * A process to be killed: writes numbered batches of two keys to the store of the directory it is given, eight at a
 * time, with checkpoints in between, and prints the number of every batch that is durable.
 */
const storage = await LevelStorage.open({ directory: process.argv[2]!, identity: IDENTITY, checkpointOperations: 40 });
let calls = 0;

function next(): void {
  const call = calls++;
  const stamp = String(call).padStart(6, '0');
  const value = Buffer.from(stamp);
  const batch = ['a', 'b'].map((half) => ({ key: `${half}${stamp}`, value }));
  storage.write(batch, (error) => {
    if (error) throw error;
    writeSync(1, `${call}\n`);
    next();
  });
}

for (let writers = 0; writers < 8; writers++) next();
