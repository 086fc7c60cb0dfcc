import { crc32 } from 'node:zlib';
import { SynodError } from '@synod/kernel';

const CHECKSUM_BYTES = 4;

/**
 * Puts a checksum in front of what is stored: a big-endian CRC-32 over the LevelDB key and the content. LevelDB 1.20
 * as classic-level carries it checks no block it reads, so damaged bytes come back as values; with the key inside,
 * a value that turns up under another key is damage too.
 */
export function seal(key: string, content: Uint8Array): Uint8Array {
  const sealed = Buffer.allocUnsafe(CHECKSUM_BYTES + content.length);
  sealed.writeUInt32BE(checksum(key, content), 0);
  sealed.set(content, CHECKSUM_BYTES);
  return sealed;
}

/** The content, a view into `sealed`. Throws `SynodError` `corrupt`, naming `key`, if the checksum is not its own. */
export function unseal(key: string, sealed: Uint8Array): Uint8Array {
  const content = sealed.subarray(CHECKSUM_BYTES);
  if (sealed.length < CHECKSUM_BYTES || checksumOf(sealed) !== checksum(key, content)) {
    throw new SynodError('corrupt', `stored bytes of ${key} contradict their checksum`);
  }
  return content;
}

/** The checksum that stands in front. */
function checksumOf(sealed: Uint8Array): number {
  return ((sealed[0]! << 24) | (sealed[1]! << 16) | (sealed[2]! << 8) | sealed[3]!) >>> 0;
}

/** An empty view of no memory makes Node's `crc32` answer 0, whatever came before it. */
function checksum(key: string, content: Uint8Array): number {
  const ofKey = crc32(key);
  return content.length === 0 ? ofKey : crc32(content, ofKey);
}
