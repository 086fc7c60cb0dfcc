import type { Cell, Incarnation, KeyedCell, Tag } from '@synod/register';
import type * as wire from '../gen/synod/register/v1/types.js';
import { checkKey } from '../register/register-checks.js';
import { asBuffer } from './as-buffer.js';
import { nonEmpty, positive, required } from './wire-checks.js';

/*
 * The types of synod/register/v1/types.proto and those of the registers. All readers throw `SynodError`
 * `invalid_argument`, naming the field. Values are the same bytes on both sides, never copied.
 */

/** Incarnations and identities are 16 hexadecimal digits, on the wire a number of 64 bits. */
export function writeIncarnation(incarnation: Incarnation): bigint {
  return BigInt(`0x${incarnation}`);
}

export function readIncarnation(incarnation: bigint): Incarnation {
  return incarnation.toString(16).padStart(16, '0');
}

export function writeTag([counter, writer]: Tag): wire.Tag {
  return { counter, writer };
}

export function readTag({ counter, writer }: wire.Tag, field: string): Tag {
  return [positive(counter, `${field}.counter`), nonEmpty(writer, `${field}.writer`)];
}

export function writeCell({ counter, writer, incarnation, value }: Cell): wire.Cell {
  return { counter, writer, incarnation: writeIncarnation(incarnation), value: value && asBuffer(value) };
}

export function readCell({ counter, writer, incarnation, value }: wire.Cell, field: string): Cell {
  return {
    counter: positive(counter, `${field}.counter`),
    writer: nonEmpty(writer, `${field}.writer`),
    incarnation: readIncarnation(incarnation),
    value,
  };
}

export function writeKeyedCell({ key, cell }: KeyedCell): wire.KeyedCell {
  return { key, cell: writeCell(cell) };
}

export function readKeyedCell({ key, cell }: wire.KeyedCell, field: string): KeyedCell {
  return { key: checkKey(key, `${field}.key`), cell: readCell(required(cell, `${field}.cell`), `${field}.cell`) };
}
