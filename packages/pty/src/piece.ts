import type { IBufferCell } from '@xterm/headless';

/** How characters look. */
export interface Look {
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isInverse: boolean;
  /** Of the 256 that terminals have by number; undefined: that of the terminal. */
  readonly colour: number | undefined;
}

/** Characters of one line that stand together and look alike. */
export interface Piece extends Look {
  /** The column of the first, from 0. */
  readonly at: number;
  readonly text: string;
}

export const plain: Look = { isBold: false, isDim: false, isInverse: false, colour: undefined };

export function lookOf(cell: IBufferCell | undefined): Look {
  if (!cell) return plain;
  return {
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isInverse: cell.isInverse() !== 0,
    colour: cell.isFgPalette() ? cell.getFgColor() : undefined,
  };
}

export function isSame(a: Look, b: Look): boolean {
  return a.isBold === b.isBold && a.isDim === b.isDim && a.isInverse === b.isInverse && a.colour === b.colour;
}
