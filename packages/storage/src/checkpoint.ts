import { setImmediate as endOfTurn } from 'node:timers/promises';
import { ByteReader, ByteWriter } from '@synod/kernel';
import type { Change } from './changes.js';
import type { Database } from './database.js';
import type { JournalPosition } from './journal/entry.js';
import { CHECKPOINT_KEY, tableKey } from './layout.js';
import { seal, unseal } from './seal.js';

export function sealCheckpoint({ number, checksum }: JournalPosition): Uint8Array {
  return seal(CHECKPOINT_KEY, new ByteWriter().number(number).number(checksum).finish());
}

/** Throws `SynodError` `corrupt` if it is damaged. */
export function unsealCheckpoint(sealed: Uint8Array): JournalPosition {
  const reader = new ByteReader(unseal(CHECKPOINT_KEY, sealed));
  const position = { number: reader.number(), checksum: reader.number() };
  reader.done();
  return position;
}

/**
 * Prepares the one batch that moves the table to `covers`: the changed keys themselves and the position they stand for.
 * All in one synced write, because LevelDB may drop an old log file without syncing it: a synced position alone could
 * survive the table writes it vouches for.
 *
 * It takes many turns, so that a large checkpoint does not hold up the node; `changes` must not change meanwhile.
 * `perTurn`: how many operations join the batch in the turn that begins. Returns the function that writes it.
 */
export async function prepareCheckpoint(
  database: Database,
  changes: ReadonlyMap<string, Change>,
  covers: JournalPosition,
  perTurn: () => number,
): Promise<() => Promise<void>> {
  const batch = database.batch();
  let turnEnds = perTurn();
  for (const [key, change] of changes) {
    const stored = tableKey(key);
    if (change === null) batch.del(stored);
    else batch.put(stored, seal(stored, change));
    if (batch.length < turnEnds) continue;
    await endOfTurn();
    turnEnds = batch.length + perTurn();
  }
  batch.put(CHECKPOINT_KEY, sealCheckpoint(covers));
  return () => batch.write({ sync: true });
}
