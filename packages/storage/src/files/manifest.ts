import { Cursor } from './cursor.js';
import { Damage } from './damage.js';

/** What a LevelDB consists of, by the edits that its manifest holds. */
export interface Manifest {
  /** The oldest log that is still needed; undefined if the database was never opened to its end. */
  readonly log: number | undefined;
  /** File numbers of the tables with their sizes in bytes. */
  readonly tables: ReadonlyMap<number, number>;
}

/** The tags of LevelDB's `VersionEdit` (db/version_edit.cc). */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/** Plays the records of a manifest. Throws `Damage` if one is no edit. */
export function readManifest(records: readonly Uint8Array[]): Manifest {
  const tables = new Map<number, number>();
  let log = 0;
  for (const record of records) {
    const edit = new Cursor(record);
    while (!edit.atEnd) {
      const tag = edit.varint();
      switch (tag) {
        case LOG_NUMBER:
          log = edit.varint();
          break;
        case NEXT_FILE_NUMBER:
        case LAST_SEQUENCE:
        case PREVIOUS_LOG_NUMBER:
          edit.varint();
          break;
        case COMPARATOR:
          edit.take(edit.varint());
          break;
        case COMPACT_POINTER:
          edit.varint();
          edit.take(edit.varint());
          break;
        case DELETED_FILE:
          edit.varint();
          tables.delete(edit.varint());
          break;
        case NEW_FILE: {
          edit.varint();
          const number = edit.varint();
          tables.set(number, edit.varint());
          edit.take(edit.varint()); // its smallest key
          edit.take(edit.varint()); // its largest key
          break;
        }
        default:
          throw new Damage(`an edit has the unknown tag ${tag}`);
      }
    }
  }
  return { log: log === 0 ? undefined : log, tables };
}
