import type { Cell, KeyedCell, Tag } from '@synod/register';
import type * as wire from '../gen/synod/register/v1/types.js';
import { nonEmpty, positive, required } from './wire-checks.js';

export function writeTag([counter, writer]: Tag): wire.Tag {
  return { counter, writer };
}

export function readTag({ counter, writer }: wire.Tag, field: string): Tag {
  return [positive(counter, `${field}.counter`), nonEmpty(writer, `${field}.writer`)];
}

export function writeCell({ counter, writer, incarnation, value }: Cell): wire.Cell {
  const bytes = value && Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { counter, writer, incarnation: BigInt(`0x${incarnation}`), value: bytes };
}

export function readCell({ counter, writer, incarnation, value }: wire.Cell, field: string): Cell {
  return {
    counter: positive(counter, `${field}.counter`),
    writer: nonEmpty(writer, `${field}.writer`),
    incarnation: incarnation.toString(16).padStart(16, '0'),
    value,
  };
}

export function readKeyedCell({ key, cell }: wire.KeyedCell, field: string): KeyedCell {
  return { key: nonEmpty(key, `${field}.key`), cell: readCell(required(cell, `${field}.cell`), `${field}.cell`) };
}
