import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Damage } from '../files/damage.js';
import type { JournalPosition } from './entry.js';

/**
 * The bytes of a journal file. Everything begins at a multiple of a block, so that no write touches what an earlier one
 * made durable:
 *
 * ```
 * block 0   header: magic (8 bytes), salt (8), number of the entry before the first one here (8), its checksum (4),
 *           CRC-32 of these (4), zeros
 * block 1…  frames: length of the content (4), CRC-32 of salt, length and content (4), content, zeros to the end of a block
 * ```
 *
 * Numbers are big-endian. A file is used again and again from its beginning: each use has a salt of its own, so that no
 * frame of an earlier one passes for one of this, nor do bytes that a caller has stored. A header lies in one sector of a
 * disk, which is written wholly or not at all.
 */
export const BLOCK = 4096;

const MAGIC = Buffer.from('synodjrn', 'latin1');
const SALT_AT = MAGIC.length;
const SALT_BYTES = 8;
const NUMBER_AT = SALT_AT + SALT_BYTES;
const CHECKSUM_AT = NUMBER_AT + 8;
const HEADER_CRC_AT = CHECKSUM_AT + 4;
const HEADER_BYTES = HEADER_CRC_AT + 4;
/** Before the content of a frame: its length, its checksum. */
const FRAME_HEAD = 8;

/** One use of a journal file, from its beginning on. */
export interface Use {
  readonly salt: Uint8Array;
  /** The entry that the first one here follows. */
  readonly after: JournalPosition;
}

export function newUse(after: JournalPosition): Use {
  return { salt: randomBytes(SALT_BYTES), after };
}

/** A block. */
export function encodeHeader({ salt, after }: Use): Buffer {
  const header = Buffer.alloc(BLOCK);
  MAGIC.copy(header);
  header.set(salt, SALT_AT);
  header.writeBigUInt64BE(BigInt(after.number), NUMBER_AT);
  header.writeUInt32BE(after.checksum, CHECKSUM_AT);
  header.writeUInt32BE(crc32(header.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  return header;
}

/** Throws `Damage` if there is none. */
export function decodeHeader(file: Buffer): Use {
  if (file.length < BLOCK) throw new Damage(`has ${file.length} bytes, which is not even a header`);
  if (
    !MAGIC.equals(file.subarray(0, SALT_AT)) ||
    file.readUInt32BE(HEADER_CRC_AT) !== crc32(file.subarray(0, HEADER_CRC_AT)) ||
    file.subarray(HEADER_BYTES, BLOCK).some((byte) => byte !== 0)
  ) {
    throw new Damage('its header is damaged');
  }
  return {
    salt: Buffer.from(file.subarray(SALT_AT, NUMBER_AT)),
    after: { number: Number(file.readBigUInt64BE(NUMBER_AT)), checksum: file.readUInt32BE(CHECKSUM_AT) },
  };
}

export interface Frame {
  /** Whole blocks. */
  readonly bytes: Buffer;
  readonly checksum: number;
}

export function encodeFrame({ salt }: Use, content: Uint8Array): Frame {
  const bytes = Buffer.allocUnsafe(wholeBlocks(FRAME_HEAD + content.length));
  bytes.writeUInt32BE(content.length, 0);
  const checksum = crc32(content, checksumBefore(salt, bytes));
  bytes.writeUInt32BE(checksum, 4);
  bytes.set(content, FRAME_HEAD);
  bytes.fill(0, FRAME_HEAD + content.length);
  return { bytes, checksum };
}

export interface ReadFrame {
  readonly content: Uint8Array;
  readonly checksum: number;
}

/**
 * All frames of the present use. Throws `Damage` if there is a whole one behind one that is not: that one was whole once,
 * too, for one write is in flight at a time. What nothing follows may be torn, and was never acknowledged.
 */
export function readFrames(file: Buffer, use: Use): ReadFrame[] {
  const frames: ReadFrame[] = [];
  let at = BLOCK;
  for (let frame = frameAt(file, at, use); frame; frame = frameAt(file, at, use)) {
    frames.push(frame);
    at += wholeBlocks(FRAME_HEAD + frame.content.length);
  }
  for (let later = at + BLOCK; later < file.length; later += BLOCK) {
    if (!frameAt(file, later, use)) continue;
    throw new Damage(`the entry at byte ${at} is not whole, though one follows at byte ${later}`);
  }
  return frames;
}

/** Undefined if there is no whole one. */
function frameAt(file: Buffer, at: number, { salt }: Use): ReadFrame | undefined {
  if (at + FRAME_HEAD > file.length) return undefined;
  const length = file.readUInt32BE(at);
  const start = at + FRAME_HEAD;
  if (length === 0 || start + length > file.length) return undefined;
  const content = file.subarray(start, start + length);
  const checksum = file.readUInt32BE(at + 4);
  const before = checksumBefore(salt, file.subarray(at, at + 4));
  return crc32(content, before) === checksum ? { content, checksum } : undefined;
}

/** Of the salt and of the length, the first four bytes of `frame`. */
function checksumBefore(salt: Uint8Array, frame: Buffer): number {
  return crc32(frame.subarray(0, 4), crc32(salt));
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}
