import type { AccountBalance, BalanceMap } from '@synod/ledger';
import { inverse, line, textOf, type Line, type Size } from '../layout/line.js';
import { table, type Column } from '../layout/table.js';
import { count } from '../layout/text.js';
import { clamp, showWindow, windowAround } from '../layout/window.js';
import { latest } from '../model/latest.js';
import type { Model } from '../model/model.js';
import type { ServerModel } from '../model/server-model.js';
import { showServer } from './server-sign.js';
import { heading, matches, moveCursor, pointer, showFilter, type View } from './view.js';

/** Every account as every server knows it. What differs from the longest chain is marked. */
export const ledgerView: View = {
  id: 'ledger',
  title: 'Ledger',
  short: 'Ledger',

  draw({ model }, state, size: Size): Line[] {
    const all = accountsOf(model);
    const rows = filtered(all, state.filter);
    const cursor = clamp(state.cursor ?? 0, 0, Math.max(0, rows.length - 1));
    const window = windowAround(cursor, rows.length, size.rows - 3);
    const about = `${count(all.length, 'account')} as each server knows them${showFilter(state)}`;
    const head = heading('Ledger', about, showWindow(window, rows.length), size);
    if (all.length === 0) return [head, line('  No balances yet: servers are being asked.', 'quiet')];
    if (rows.length === 0) return [head, line('  No account contains that: Esc clears the filter.', 'quiet')];
    // Columns are dropped from the right where there is no room: the arrow keys bring them in.
    const servers = model.servers.slice(clamp(state.left, 0, model.servers.length - 1));
    const drawn = rows
      .slice(window.from, window.to)
      .map((row, i) => drawRow(row, window.from + i === cursor, model, servers));
    const lines = table(columnsFor(servers), drawn, size.columns);
    return [
      head,
      ...lines.map((one, i) => (i === cursor - window.from + 1 ? inverse(one) : one)),
      line('[ ] on its home, less what its log holds   ▼ less, ▲ more than settled', 'quiet'),
    ];
  },

  move(model, state, motion) {
    const { length } = filtered(accountsOf(model), state.filter);
    return { ...state, cursor: moveCursor(state.cursor ?? 0, length, motion) };
  },

  want: () => ({ type: 'balances' }),
};

function columnsFor(servers: readonly ServerModel[]): Column[] {
  return [
    { title: ' account', max: 24 },
    { title: 'home' },
    { title: 'settled', align: 'right' },
    { title: 'pending', align: 'right' },
    ...servers.map((server, i): Column => {
      return { title: textOf(showServer(server)), align: 'right', min: 5, priority: i + 1 };
    }),
  ];
}

/** `settled`: as the longest chain has it. */
function drawRow(
  { account, home, committed: settled }: AccountBalance,
  isSelected: boolean,
  model: Model,
  servers: readonly ServerModel[],
): Line[] {
  const atHome = knownBy(
    model.servers.find(({ id }) => id === home),
    account,
  );
  const pending = atHome?.pending ?? 0;
  return [
    line(`${pointer(isSelected)}${account}`),
    line(home),
    line(String(settled)),
    pending > 0 ? line(String(pending), 'warn') : line('·', 'quiet'),
    ...servers.map((server) => drawCell(settled, knownBy(server, account)?.spendable, server.id === home)),
  ];
}

function drawCell(settled: bigint, known: bigint | undefined, isHome: boolean): Line {
  if (known === undefined) return line('?', 'quiet');
  const mark = known < settled ? '▼' : known > settled ? '▲' : '';
  return line(`${mark}${isHome ? `[${known}]` : known}`, mark === '' ? undefined : isHome ? 'accent' : 'warn');
}

/** The accounts as the server with the longest chain knows them. */
function accountsOf({ servers }: Model): readonly AccountBalance[] {
  let tallest: BalanceMap | undefined;
  for (const { balances } of servers) {
    if (balances && (!tallest || balances.height > tallest.height)) tallest = balances;
  }
  return tallest?.balances ?? [];
}

const filtered = latest((accounts: readonly AccountBalance[], filter: string) => {
  return filter === '' ? accounts : accounts.filter(({ account, home }) => matches(filter, account, home));
});

/** A map may hold ten thousand accounts, and stays the same for many frames. */
const indices = new WeakMap<BalanceMap, ReadonlyMap<string, AccountBalance>>();

function knownBy(server: ServerModel | undefined, account: string): AccountBalance | undefined {
  const map = server?.balances;
  if (!map) return undefined;
  let index = indices.get(map);
  if (!index) {
    index = new Map(map.balances.map((balance) => [balance.account, balance]));
    indices.set(map, index);
  }
  return index.get(account);
}
