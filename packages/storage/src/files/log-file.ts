import { storedCrc32c } from './crc32c.js';
import { Damage } from './damage.js';

/**
 * LevelDB's log format (doc/log_format.txt), of its logs and manifests alike: blocks of 32 KiB, each a sequence of
 * fragments that never span two blocks: checksum (4 bytes), length (2), type (1), content. A record is one FULL
 * fragment, or FIRST, MIDDLE…, LAST. Less than a header's room at the end of a block stays empty.
 */
const BLOCK = 32_768;
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

export interface LogFile {
  readonly records: readonly Uint8Array[];
  /** Where the last record begins if it is not whole. */
  readonly tornAt: number | undefined;
}

/** Throws `Damage` if there is a whole record behind one that is not: that one was whole once, too. */
export function readLogFile(bytes: Uint8Array): LogFile {
  const records: Uint8Array[] = [];
  let fragments: Uint8Array[] = [];
  let at = 0;
  let recordAt = 0;
  const torn = (resumesAt: number | undefined): LogFile => {
    if (resumesAt === undefined) return { records, tornAt: recordAt };
    throw new Damage(`the record at byte ${recordAt} is not whole, though one follows at byte ${resumesAt}`);
  };
  while ((at = headerFrom(at)) < bytes.length) {
    if (fragments.length === 0) recordAt = at;
    const end = endOfFragment(bytes, at);
    if (end === undefined) return torn(recordFrom(bytes, at + 1));
    const begins = bytes[at + 6]! <= FIRST;
    if (begins && fragments.length > 0) return torn(at);
    if (!begins && fragments.length === 0) return torn(recordFrom(bytes, end));
    fragments.push(bytes.subarray(at + HEADER, end));
    if (bytes[at + 6] === FULL || bytes[at + 6] === LAST) {
      records.push(fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments));
      fragments = [];
    }
    at = end;
  }
  if (fragments.length > 0) return torn(undefined);
  return { records, tornAt: undefined };
}

/** Where the next header stands: here, or in the next block if this one has no room. */
function headerFrom(at: number): number {
  const room = BLOCK - (at % BLOCK);
  return room < HEADER ? at + room : at;
}

/** Undefined if there is no whole fragment at `at`. */
function endOfFragment(bytes: Uint8Array, at: number): number | undefined {
  const end = at + HEADER + (bytes[at + 4]! | (bytes[at + 5]! << 8));
  const endOfBlock = Math.min(bytes.length, at - (at % BLOCK) + BLOCK);
  const type = bytes[at + 6]!;
  if (at + HEADER > endOfBlock || end > endOfBlock || type < FULL || type > LAST) return undefined;
  const stored = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
  return storedCrc32c(bytes, at + 6, end) === stored ? end : undefined;
}

/**
 * The first place from `from` on where a whole record begins. Any place is tried, because a broken fragment may lie
 * about its length; a FIRST one always fills its block, which spares the checksum of nearly all places that are none.
 */
function recordFrom(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at + HEADER <= bytes.length; at++) {
    const type = bytes[at + 6];
    if (type !== FULL && type !== FIRST) continue;
    const end = endOfFragment(bytes, at);
    if (end !== undefined && (type === FULL || end % BLOCK === 0)) return at;
  }
  return undefined;
}
