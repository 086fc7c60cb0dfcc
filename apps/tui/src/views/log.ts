import { showTransfer } from '@synod/ledger';
import { line, type Line } from '../layout/line.js';
import { table, type Column } from '../layout/table.js';
import { count } from '../layout/text.js';
import { showWindow, windowUpTo } from '../layout/window.js';
import { latest } from '../model/latest.js';
import type { ServerModel } from '../model/server-model.js';
import { heading, matches, moveTail, showFilter, type View, type ViewState } from './view.js';

/** What one server holds that no block does. */
interface LogRow {
  readonly server: string;
  /** Undefined: it is pending. */
  readonly sequence: number | undefined;
  readonly transfer: string;
  readonly id: string;
}

/** The local logs of all servers and what is pending, the newest last. */
export const logView: View = {
  id: 'log',
  title: 'Log',
  short: 'Log',

  draw({ model }, state, size): Line[] {
    const rows = rowsOf(model.servers, state);
    const window = windowUpTo(state.cursor ?? rows.length - 1, rows.length, size.rows - 2);
    const pending = rows.filter(({ sequence }) => sequence === undefined).length;
    const about =
      `${state.server ?? 'all servers'}: ${count(rows.length - pending, 'transfer')} in local logs, ` +
      `${pending} pending${showFilter(state)}`;
    const head = heading('Log', about, showWindow(window, rows.length), size);
    if (rows.length === 0) {
      const isEmpty = state.filter === '' && model.servers.some(({ log }) => log);
      return [head, line(isEmpty ? '  Nothing: every transfer is in a block.' : '  Nothing to show.', 'quiet')];
    }
    return [head, ...table(columns, rows.slice(window.from, window.to).map(drawRow), size.columns)];
  },

  move(model, state, motion) {
    return { ...state, cursor: moveTail(state.cursor, rowsOf(model.servers, state).length, motion) };
  },

  want: () => ({ type: 'logs' }),
};

const columns: readonly Column[] = [
  { title: ' server' },
  { title: 'number', align: 'right' },
  { title: 'state', min: 9 },
  { title: 'transfer', min: 18, max: 60 },
  { title: 'id', grows: true },
];

function drawRow({ server, sequence, transfer, id }: LogRow): Line[] {
  const isPending = sequence === undefined;
  return [
    line(` ${server}`),
    isPending ? line('') : line(`#${sequence}`),
    isPending ? line('… pending', 'warn') : line('✓ in log', 'good'),
    line(transfer),
    line(id, 'quiet'),
  ];
}

function rowsOf(servers: readonly ServerModel[], { server, filter }: ViewState): readonly LogRow[] {
  return matching(filter, ...servers.flatMap(({ id, log }) => (log && (server ?? id) === id ? [log] : [])));
}

const matching = latest((filter: string, ...logs: readonly NonNullable<ServerModel['log']>[]): readonly LogRow[] => {
  const all = logs.flatMap(({ server, entries, pending }): LogRow[] => [
    ...entries.map(({ sequence, value }) => ({ server, sequence, transfer: showTransfer(value), id: value.id })),
    ...pending.map((value) => ({ server, sequence: undefined, transfer: showTransfer(value), id: value.id })),
  ]);
  return all.filter(({ server, transfer, id }) => matches(filter, server, transfer, id));
});
