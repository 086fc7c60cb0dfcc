import { showTransfer, type LedgerBlock } from '@synod/ledger';
import { inverse, join, line, span, type Line, type Size } from '../layout/line.js';
import { table, type Column } from '../layout/table.js';
import { count, shortBallot } from '../layout/text.js';
import { clamp, showWindow, windowAround, windowUpTo, type Window } from '../layout/window.js';
import type { BlockSummary } from '../model/chain.js';
import { topHeight, type Model } from '../model/model.js';
import { heading, moveCursor, moveTail, pointer, type View, type ViewState } from './view.js';

/** The chain, newest block last; an opened block shows who contributed what. */
export const blocksView: View = {
  id: 'blocks',
  title: 'Blocks',
  short: 'Blocks',

  draw({ model }, state, size): Line[] {
    if (state.isOpen) return drawBlock(model, state, size);
    const top = topHeight(model);
    const window = windowOf(model, state, size);
    const head = heading(
      'Blocks',
      `${count(top, 'block')}, newest last; Enter opens one`,
      showWindow(window, top),
      size,
    );
    const forks = model.chain.forks.map(({ height, server, hash, known }) =>
      line(`✗ FORK at block ${height}: ${server} has ${hash.slice(0, 16)}…, others ${known.slice(0, 16)}…`, 'bad'),
    );
    if (top === 0)
      return [
        head,
        line('  No block yet. Transfers that are covered need none: the first shortage makes one.', 'quiet'),
      ];
    const selected = selectedHeight(model, state);
    const rows = Array.from({ length: window.to - window.from }, (_, i) => {
      const height = window.from + i + 1;
      return drawRow(height, model.chain.blocks.at(height - 1), height === selected, model);
    });
    const lines = table(columns, rows, size.columns);
    return [head, ...forks, ...lines.map((one, i) => (i === selected - window.from ? inverse(one) : one))];
  },

  move(model, state, motion) {
    if (state.isOpen) {
      const { length } = model.chain.entries.get(selectedHeight(model, state)) ?? [];
      return { ...state, left: moveCursor(state.left, length, motion) };
    }
    const cursor = state.cursor === undefined ? undefined : state.cursor - 1;
    const moved = moveTail(cursor, topHeight(model), motion);
    return { ...state, cursor: moved === undefined ? undefined : moved + 1 };
  },

  /** Blocks on the screen that were never fetched, or the transfers of the opened one. */
  want(model, state, size) {
    const { chain } = model;
    if (topHeight(model) === 0) return undefined;
    if (state.isOpen) {
      const height = selectedHeight(model, state);
      return chain.entries.has(height) ? undefined : { type: 'blocks', from: height, to: height };
    }
    const { from, to } = windowOf(model, state, size);
    const missing = Array.from({ length: to - from }, (_, i) => from + i + 1).filter((h) => !chain.blocks.at(h - 1));
    return missing.length === 0 ? undefined : { type: 'blocks', from: missing[0]!, to: missing.at(-1)! };
  },
};

const columns: readonly Column[] = [
  { title: ' height' },
  { title: 'ballot' },
  { title: 'proposer', priority: 1 },
  { title: 'hash', min: 8 },
  { title: 'transfers', align: 'right' },
  { title: 'held by', min: 7 },
  { title: 'contributed by', grows: true, min: 24 },
];

/** The cursor is a height; none: the newest block, whatever it is. */
function selectedHeight(model: Model, { cursor }: ViewState): number {
  const top = topHeight(model);
  return clamp(cursor ?? top, 1, Math.max(1, top));
}

function windowOf(model: Model, state: ViewState, { rows }: Size): Window {
  const top = topHeight(model);
  const height = rows - 2 - model.chain.forks.length;
  if (state.cursor === undefined) return windowUpTo(top - 1, top, height);
  return windowAround(selectedHeight(model, state) - 1, top, height);
}

function drawRow(height: number, block: BlockSummary | undefined, isSelected: boolean, model: Model): Line[] {
  const number = line(`${pointer(isSelected)}${String(height).padStart(6)}`);
  if (!block) return [number, line('…', 'quiet')];
  const holders = model.servers.filter(({ ledger }) => (ledger?.status.height ?? 0) >= height).map(({ id }) => id);
  const isEverywhere = holders.length === model.servers.length;
  return [
    number,
    line(shortBallot(block.ballot)),
    line(block.ballot.server),
    line(block.hash.slice(0, 8), 'quiet'),
    line(block.transfers.toLocaleString('en-US')),
    isEverywhere ? line('all', 'good') : line(holders.join(' '), 'warn'),
    line(showContributions(block)),
  ];
}

/** `S1 3, S4 1` */
function showContributions({ contributions }: BlockSummary): string {
  return contributions.map(({ owner, transfers }) => `${owner} ${transfers}`).join(', ');
}

function drawBlock(model: Model, state: ViewState, size: Size): Line[] {
  const height = selectedHeight(model, state);
  const block = model.chain.blocks.at(height - 1);
  const entries = model.chain.entries.get(height);
  const head = (note: string) => heading(`Block ${height}`, 'Esc goes back to the chain', note, size);
  if (!block || !entries) return [head(''), line('  … being fetched', 'quiet')];
  const about = [
    join('  hash     ', span(block.hash, 'quiet')),
    join('  previous ', span(block.previous, 'quiet')),
    join(`  proposed by ${block.ballot.server} under ballot ${shortBallot(block.ballot)}; `, showContributions(block)),
    ...(block.change
      ? [join(`  ${block.change.server} replaced: disk ${block.change.disk} at ${block.change.address}`)]
      : []),
  ];
  const window = windowAround(state.left, entries.length, size.rows - 2 - about.length);
  const rows = entries.slice(window.from, window.to).map(drawEntry);
  const lines = table(
    [
      { title: '  owner' },
      { title: 'number', align: 'right' },
      { title: 'transfer', min: 16 },
      { title: 'id', grows: true },
    ],
    rows,
    size.columns,
  );
  return [head(showWindow(window, entries.length)), ...about, ...lines];
}

function drawEntry({ owner, sequence, value }: LedgerBlock['entries'][number]): Line[] {
  return [line(`  ${owner}`), line(`#${sequence}`), line(showTransfer(value)), line(value.id, 'quiet')];
}
