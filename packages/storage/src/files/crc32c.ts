/**
 * CRC-32C (Castagnoli), of which `node:zlib` has another polynomial only. Four bytes a step with four tables (Kounavis
 * and Berry, *Novel Table Lookup-Based Algorithms for High-Performance CRC Generation*, 2008): all tables of a store
 * go through here when it is opened.
 */
const byOne = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
const byTwo = behind(byOne);
const byThree = behind(byTwo);
const byFour = behind(byThree);

/** The table for a byte that stands one place earlier. */
function behind(table: Int32Array): Int32Array {
  return table.map((crc) => (crc >>> 8) ^ byOne[crc & 0xff]!);
}

/** The checksum of `bytes[from, to)` as LevelDB stores it: rotated and shifted, so that it may stand in what it covers. */
export function storedCrc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = byFour[crc & 0xff]! ^ byThree[(crc >>> 8) & 0xff]! ^ byTwo[(crc >>> 16) & 0xff]! ^ byOne[crc >>> 24]!;
  }
  for (; at < to; at++) crc = byOne[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
