import type { Timestamp } from './timestamp.js';

/** A value and when it was written, as messages carry it. */
export interface Cell extends Timestamp {
  /** Undefined: a tombstone. The register was deleted, and keeps the timestamp of that for ever. */
  readonly value: Uint8Array | undefined;
}

export interface KeyedCell {
  readonly key: string;
  readonly cell: Cell;
}

/**
 * The form in which values rest in memory: one character a byte. A small string takes 32 bytes where a small
 * Uint8Array takes 200, most of all that an idle register costs.
 */
export type PackedValue = string;

export function pack(value: Uint8Array): PackedValue {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return bytes.toString('latin1');
}

export function unpack(packed: PackedValue): Uint8Array {
  return Buffer.from(packed, 'latin1');
}
