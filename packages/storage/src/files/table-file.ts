import { storedCrc32c } from './crc32c.js';
import { Cursor } from './cursor.js';
import { Damage } from './damage.js';
import { unsnappy } from './snappy.js';

/**
 * LevelDB's table format (doc/table_format.txt): data blocks, a filter, a metaindex that names the filter, an index
 * that names the data blocks, a footer that names those two. Every block is followed by its compression (1 byte) and
 * the checksum of both (4).
 */
const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
const TRAILER = 5;
const SNAPPY = 1;

interface BlockHandle {
  readonly offset: number;
  /** Without its trailer. */
  readonly size: number;
}

/**
 * Reads every block of a table, whose checksums LevelDB 1.20 ignores as classic-level opens it. Throws `Damage` unless
 * they are whole and cover the file from its first byte to its footer.
 */
export function checkTable(bytes: Uint8Array): void {
  const footerAt = bytes.length - FOOTER;
  if (footerAt < 0 || new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(footerAt + 40, true) !== MAGIC) {
    throw new Damage('does not end like a table');
  }
  const footer = new Cursor(bytes.subarray(footerAt));
  const metaindex = handleAt(footer);
  const index = handleAt(footer);
  const blocks = [...handlesIn(bytes, index), ...handlesIn(bytes, metaindex)];
  let end = 0;
  for (const handle of blocks) {
    if (handle.offset !== end) throw new Damage(`no block begins at byte ${end}`);
    checkBlock(bytes, handle);
    end += handle.size + TRAILER;
  }
  if (metaindex.offset !== end || index.offset !== end + metaindex.size + TRAILER) {
    throw new Damage(`no block begins at byte ${end}`);
  }
  if (index.offset + index.size + TRAILER !== footerAt) throw new Damage('the index does not end at the footer');
}

function handleAt(cursor: Cursor): BlockHandle {
  return { offset: cursor.varint(), size: cursor.varint() };
}

function checkBlock(bytes: Uint8Array, { offset, size }: BlockHandle): void {
  const end = offset + size + 1;
  if (end + 4 > bytes.length) throw new Damage(`the block at byte ${offset} reaches behind the end`);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
  if (storedCrc32c(bytes, offset, end) !== stored) {
    throw new Damage(`the block at byte ${offset} contradicts its checksum`);
  }
}

/** The handles that are the values of an index: entries of shared, unshared and value lengths, key and value. */
function handlesIn(bytes: Uint8Array, handle: BlockHandle): BlockHandle[] {
  checkBlock(bytes, handle);
  const end = handle.offset + handle.size;
  const stored = bytes.subarray(handle.offset, end);
  const block = bytes[end] === SNAPPY ? unsnappy(stored) : stored;
  const restarts = new DataView(block.buffer, block.byteOffset).getUint32(block.length - 4, true);
  const entries = new Cursor(block.subarray(0, block.length - 4 * (restarts + 1)));
  const handles: BlockHandle[] = [];
  while (!entries.atEnd) {
    entries.varint();
    const unshared = entries.varint();
    const valueLength = entries.varint();
    entries.take(unshared);
    handles.push(handleAt(new Cursor(entries.take(valueLength))));
  }
  return handles;
}
