import { randomBytes } from 'node:crypto';
import { SynodError } from '@synod/kernel';
import { apply, type Changes } from './changes.js';
import { sealCheckpoint, unsealCheckpoint } from './checkpoint.js';
import { readError, type Database } from './database.js';
import { requireIdentity, sealIdentity, unsealIdentity, type ClaimedIdentity, type StoreIdentity } from './identity.js';
import { JOURNAL_START, unsealEntry, type JournalPosition } from './journal.js';
import { CHECKPOINT_KEY, IDENTITY_KEY, JOURNAL_RANGE } from './layout.js';

/** What the last process left behind the checkpoint. */
export interface RecoveredJournal {
  /** What the table covers. */
  readonly covered: JournalPosition;
  /** The end of the journal. */
  readonly last: JournalPosition;
  /** What the journal changes since the checkpoint. */
  readonly changes: Changes;
  readonly journalBytes: number;
}

/** A store as its last process left it. */
export interface RecoveredStore extends RecoveredJournal {
  readonly identity: ClaimedIdentity;
  /** It held nothing: its identity was written just now. */
  readonly fresh: boolean;
}

/** Reads whose store it is. Throws `SynodError` `config` if the database holds none. */
export async function readIdentity(database: Database, directory: string): Promise<ClaimedIdentity> {
  const sealed = await database.get(IDENTITY_KEY);
  if (sealed === undefined) throw new SynodError('config', `there is no store in ${directory}`);
  return unsealIdentity(directory, sealed);
}

/**
 * Makes sure whose store it is; an empty database becomes `wanted`'s. Returns whether it was empty, too.
 * Throws `SynodError`: `config` if it is someone else's, `corrupt` if it has content but no identity.
 */
export async function claim(
  database: Database,
  wanted: StoreIdentity,
): Promise<Pick<RecoveredStore, 'identity' | 'fresh'>> {
  const directory = database.location;
  const [first] = await database.keys({ limit: 1 }).all();
  if (first === undefined) {
    const identity = { ...wanted, disk: randomBytes(8).toString('hex') };
    await database
      .batch()
      .put(IDENTITY_KEY, sealIdentity(identity))
      .put(CHECKPOINT_KEY, sealCheckpoint(JOURNAL_START))
      .write({ sync: true });
    return { identity, fresh: true };
  }
  const sealed = await database.get(IDENTITY_KEY);
  if (sealed === undefined) {
    throw new SynodError('corrupt', `the store in ${directory} has lost its identity but holds ${first}`);
  }
  const identity = unsealIdentity(directory, sealed);
  requireIdentity(directory, identity, wanted);
  return { identity, fresh: false };
}

/**
 * Reads the checkpoint and the journal behind it. LevelDB drops a torn end of its log by itself; whatever else does
 * not continue the chain is damage: a hole, an altered entry, an entry that the checkpoint should have removed.
 * Throws `SynodError` `corrupt` then.
 */
export async function recover(database: Database, directory: string): Promise<RecoveredJournal> {
  try {
    const checkpoint = await database.get(CHECKPOINT_KEY);
    if (checkpoint === undefined) throw new SynodError('corrupt', `the store in ${directory} has lost its checkpoint`);
    const covered = unsealCheckpoint(checkpoint);
    const changes: Changes = new Map();
    let last = covered;
    let journalBytes = 0;
    for await (const [key, value] of database.iterator(JOURNAL_RANGE)) {
      const { puts, position } = unsealEntry(last, key, value);
      apply(changes, puts);
      last = position;
      journalBytes += value.length;
    }
    return { covered, last, changes, journalBytes };
  } catch (error) {
    throw readError(`the journal in ${directory}`, error);
  }
}
