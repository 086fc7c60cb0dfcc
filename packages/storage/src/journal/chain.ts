import { Damage } from '../files/damage.js';
import { decodeEntry, isSame, type Entry, type JournalPosition } from './entry.js';
import type { FileContent } from './journal-file.js';

export interface NamedContent extends FileContent {
  readonly name: string;
}

export interface Chain {
  readonly entries: readonly Entry[];
  /** Where it ends. */
  readonly last: JournalPosition;
}

/**
 * What the files hold behind a checkpoint: that of one, or of one and then of another, if a checkpoint was under way. A
 * file whose use began before the checkpoint is covered by it, whatever it holds.
 *
 * Throws `Damage` if anything is there that does not continue what is before it: what it continued is lost.
 */
export function chainBehind(covered: JournalPosition, files: readonly NamedContent[]): Chain {
  const entries: Entry[] = [];
  const open = new Set(files.filter(({ after }) => after.number >= covered.number));
  let last = covered;
  for (let next = nextOf(open, last); next; next = nextOf(open, last)) {
    open.delete(next);
    for (const { content, checksum } of next.frames) {
      const entry = decodeEntry(content);
      if (entry.number !== last.number + 1 || entry.previous !== last.checksum) {
        throw new Damage(`${next.name}: entry ${entry.number} does not continue entry ${last.number}`);
      }
      entries.push(entry);
      last = { number: entry.number, checksum };
    }
  }
  for (const { name, after, frames } of open) {
    if (after.number <= last.number && frames.length === 0) continue;
    const which = after.number === last.number ? 'is another one of that number' : `is entry ${last.number}`;
    throw new Damage(`${name}: continues entry ${after.number}, but the last before it ${which}`);
  }
  return { entries, last };
}

/** The one that has something and begins where the chain ends. */
function nextOf(files: Iterable<NamedContent>, last: JournalPosition): NamedContent | undefined {
  for (const file of files) if (file.frames.length > 0 && isSame(file.after, last)) return file;
  return undefined;
}
