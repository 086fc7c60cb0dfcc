import type { EventLevel, NodeId } from '@synod/kernel';
import type { CommandRow } from '../commands.js';
import { clamp } from '../layout/window.js';
import { fitBoth } from '../layout/width.js';
import { join, line, span, type Line, type Size } from '../layout/line.js';
import type { Model } from '../model/model.js';
import type { Want } from '../feed.js';

export const viewIds = [
  'cluster',
  'ledger',
  'blocks',
  'log',
  'registers',
  'performance',
  'events',
  'timeline',
] as const;
export type ViewId = (typeof viewIds)[number];

/** What was done to a view with keys; each view reads of it what concerns it. */
export interface ViewState {
  /** The selected row, or the last row that is seen of what grows; undefined: the first, or whatever is newest. */
  readonly cursor: number | undefined;
  /** Columns that are scrolled away to the left. */
  readonly left: number;
  /** Rows without this text are left out, case ignored. */
  readonly filter: string;
  /** The only server that is shown; undefined: all. */
  readonly server: NodeId | undefined;
  /** Events below it are left out. */
  readonly level: EventLevel;
  /** The selected row is opened. */
  readonly isOpen: boolean;
  /** From 0: how much detail. */
  readonly zoom: number;
  /** Background messages are shown too. */
  readonly background: boolean;
}

export const freshView: ViewState = {
  cursor: undefined,
  left: 0,
  filter: '',
  server: undefined,
  level: 'info',
  isOpen: false,
  zoom: 0,
  background: false,
};

/** What views show: the model, and the commands there are. */
export interface Scene {
  readonly model: Model;
  readonly commands: readonly CommandRow[];
}

/** Rows up or down, or to an end. */
export type Motion = number | 'first' | 'last';

export interface View {
  readonly id: ViewId;
  readonly title: string;
  /** For narrow terminals. */
  readonly short: string;
  /** At most `size.rows` lines. */
  draw(scene: Scene, state: ViewState, size: Size): Line[];
  /** Where a motion leads. */
  move(model: Model, state: ViewState, motion: Motion, size: Size): ViewState;
  /** What a feed should deliver for this view, beside what it always does. */
  want(model: Model, state: ViewState, size: Size): Want | undefined;
}

/** The first line of a view: what it shows, and at its end how much of that is on the screen. */
export function heading(title: string, about: string | Line, note: string, { columns }: Size): Line {
  const left = join(span(title, 'strong'), '  ', typeof about === 'string' ? line(about, 'quiet') : about);
  return fitBoth(left, note === '' ? [] : line(`  ${note}`, 'quiet'), columns);
}

/** `  filter "s1"`, or nothing. */
export function showFilter({ filter }: ViewState): string {
  return filter === '' ? '' : `  filter ${JSON.stringify(filter)}`;
}

/** The cursor after a motion among so many rows. */
export function moveCursor(cursor: number, length: number, motion: Motion): number {
  if (motion === 'first') return 0;
  return clamp(motion === 'last' ? length - 1 : cursor + motion, 0, Math.max(0, length - 1));
}

/** As `moveCursor`, where the newest row is last: at the end new ones are followed. */
export function moveTail(cursor: number | undefined, length: number, motion: Motion): number | undefined {
  const moved = moveCursor(cursor ?? length - 1, length, motion);
  return moved >= length - 1 ? undefined : moved;
}

export function matches(filter: string, ...texts: readonly string[]): boolean {
  if (filter === '') return true;
  const wanted = filter.toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** `>` before the selected row: a colour alone would not be seen by everybody. */
export function pointer(isSelected: boolean): string {
  return isSelected ? '>' : ' ';
}
