import { randomBytes } from 'node:crypto';
import { SynodError } from '@synod/kernel';
import { apply, type Changes } from './changes.js';
import { prepareCheckpoint, sealCheckpoint, unsealCheckpoint } from './checkpoint.js';
import { openError, readError, type Database } from './database.js';
import { Damage, damagedStore } from './files/damage.js';
import { requireIdentity, sealIdentity, unsealIdentity, type ClaimedIdentity, type StoreIdentity } from './identity.js';
import { JOURNAL_START } from './journal/entry.js';
import { Journal, type OpenFile } from './journal/journal.js';
import { CHECKPOINT_KEY, IDENTITY_KEY } from './layout.js';

/** A store as its last process left it. */
export interface RecoveredStore {
  readonly identity: ClaimedIdentity;
  /** It held nothing: its identity was written just now. */
  readonly fresh: boolean;
  /** With nothing behind the checkpoint. */
  readonly journal: Journal;
}

/** Reads whose store it is. Throws `SynodError` `config` if the database holds none. */
export async function readIdentity(database: Database, directory: string): Promise<ClaimedIdentity> {
  const sealed = await database.get(IDENTITY_KEY);
  if (sealed === undefined) throw new SynodError('config', `there is no store in ${directory}`);
  return unsealIdentity(directory, sealed);
}

/**
 * Makes sure whose store it is; an empty database becomes `wanted`'s. Throws `SynodError`: `config` if it is someone
 * else's, `corrupt` if it contradicts itself, or has content but no identity.
 */
export async function recover(database: Database, wanted: StoreIdentity, open?: OpenFile): Promise<RecoveredStore> {
  const directory = database.location;
  const [first] = await database.keys({ limit: 1 }).all();
  if (first === undefined) return make(database, wanted, open);
  const sealed = await database.get(IDENTITY_KEY);
  if (sealed === undefined) {
    throw new SynodError('corrupt', `the store in ${directory} has lost its identity but holds ${first}`);
  }
  const identity = unsealIdentity(directory, sealed);
  requireIdentity(directory, identity, wanted);
  return { identity, fresh: false, journal: await replay(database, directory, open) };
}

/** The identity comes last: what has none is made anew. */
async function make(database: Database, wanted: StoreIdentity, open?: OpenFile): Promise<RecoveredStore> {
  return opening(database.location, async () => {
    const journal = await Journal.create(database.location, open);
    const identity = { ...wanted, disk: randomBytes(8).toString('hex') };
    await database
      .batch()
      .put(IDENTITY_KEY, sealIdentity(identity))
      .put(CHECKPOINT_KEY, sealCheckpoint(JOURNAL_START))
      .write({ sync: true });
    return { identity, fresh: true, journal };
  });
}

/**
 * Moves what the journal holds behind the checkpoint into the table, so that all of it is durable for certain: of a write
 * that failed to sync, what a process reads may stand in memory alone. Throws `SynodError` `corrupt` if the journal does
 * not continue the checkpoint, or itself.
 */
export async function replay(database: Database, directory: string, open?: OpenFile): Promise<Journal> {
  return opening(directory, async () => {
    const checkpoint = await database.get(CHECKPOINT_KEY);
    if (checkpoint === undefined) throw new SynodError('corrupt', `the store in ${directory} has lost its checkpoint`);
    const covered = unsealCheckpoint(checkpoint);
    const journal = Journal.open(database.location, open);
    try {
      const { entries, last } = journal.read(covered);
      const changes: Changes = new Map();
      for (const { puts } of entries) apply(changes, puts);
      if (entries.length > 0) await (await prepareCheckpoint(database, changes, last, () => Infinity))();
      journal.turn();
      return journal;
    } catch (error) {
      journal.close();
      throw error;
    }
  });
}

async function opening<T>(directory: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Damage) throw damagedStore(directory, error);
    throw (error as NodeJS.ErrnoException).syscall === undefined
      ? readError(`the journal in ${directory}`, error)
      : openError(directory, error);
  }
}
