import { clean } from './clean.js';

/** What a piece of text means; `theme.ts` says how that looks. Never the only sign of it: a word or sign says it too. */
export type Style = 'strong' | 'quiet' | 'good' | 'warn' | 'bad' | 'accent';

/** Text of one style. */
export interface Span {
  /** Without control characters. */
  readonly text: string;
  readonly style?: Style;
  /** Dark on light: selected. */
  readonly inverse?: boolean;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** What a view may fill. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const blank: Line = [];

/** Text from anywhere: what would move the cursor or break the line is replaced. */
export function span(text: string, style?: Style): Span {
  return { text: clean(text), style };
}

/** A line of one style. */
export function line(text: string, style?: Style): Line {
  return [span(text, style)];
}

/** Several pieces, one behind the other; text alone is plain. */
export function join(...pieces: readonly (string | Span | Line)[]): Line {
  return pieces.flatMap((piece) => (typeof piece === 'string' ? line(piece) : 'text' in piece ? [piece] : piece));
}

export function inverse(spans: Line): Line {
  return spans.map((one) => ({ ...one, inverse: true }));
}

/** The text alone. */
export function textOf(spans: Line): string {
  return spans.map(({ text }) => text).join('');
}
