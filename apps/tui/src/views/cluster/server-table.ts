import { fundsOf, type ServerModel } from '../../model/server-model.js';
import { inverse, join, line, span, type Line } from '../../layout/line.js';
import { sparkline } from '../../layout/sparkline.js';
import { table, type Column } from '../../layout/table.js';
import { ms, rate, shortBallot } from '../../layout/text.js';
import { showState } from '../server-sign.js';
import { pointer } from '../view.js';

const wide = 130;

/** One row per server of a ledger. The least important columns are left out first; the detail below has them all. */
export function ledgerTable(servers: readonly ServerModel[], selected: number, columns: number): Line[] {
  const spark = columns >= wide ? 20 : 6;
  const layout: Column[] = [
    { title: ' server' },
    { title: 'state', min: 14 },
    { title: 'leads', min: 7 },
    { title: 'ballot', priority: 2, min: 6 },
    { title: 'height', align: 'right' },
    { title: 'log', align: 'right', min: 3 },
    { title: 'pending', align: 'right' },
    { title: 'settled', align: 'right', priority: 1 },
    { title: 'spendable', align: 'right' },
    { title: 'transfers/s'.padStart(spark + 6), align: 'right', min: spark + 6 },
    { title: 'p50 ms', align: 'right', priority: 3 },
    { title: 'p99 ms', align: 'right', priority: 3 },
    { title: 'fsync p50', align: 'right', priority: 4 },
    { title: 'fsync p99', align: 'right', priority: 4 },
    { title: 'loop ms', align: 'right', priority: 5 },
  ];
  const rows = servers.map((server, i) => dimmed(server, ledgerRow(server, i === selected, spark)));
  return withSelection(table(layout, rows, columns), selected);
}

function ledgerRow(server: ServerModel, isSelected: boolean, spark: number): Line[] {
  const { id, ledger, rates } = server;
  const name = line(`${pointer(isSelected)}${id}`);
  if (!ledger) return [name, showState(server)];
  const { status, performance } = ledger;
  const { settled, spendable } = fundsOf(server);
  const speed = performance.transfersPerSecond;
  return [
    name,
    showState(server),
    status.round ? line(`▸${status.round.phase}`, 'accent') : line('·', 'quiet'),
    line(shortBallot(status.promised)),
    line(String(status.height)),
    line(String(status.logLength)),
    status.pending > 0 ? line(String(status.pending), 'warn') : line('0'),
    line(String(settled)),
    line(String(spendable), spendable < settled ? 'accent' : undefined),
    join(span(sparkline(rates.values, spark), 'accent'), rate(speed).padStart(6)),
    line(ms(performance.p50Ms)),
    line(ms(performance.p99Ms)),
    line(ms(performance.writes.p50Ms)),
    line(ms(performance.writes.p99Ms)),
    line(ms(performance.loopDelayMs)),
  ];
}

/** One row per node that holds registers. */
export function registerTable(servers: readonly ServerModel[], selected: number, columns: number): Line[] {
  const spark = columns >= wide ? 20 : 6;
  const layout: Column[] = [
    { title: ' node' },
    { title: 'state', min: 14 },
    { title: 'cells', align: 'right' },
    { title: 'active', align: 'right' },
    { title: 'links', align: 'right' },
    { title: 'silent about', min: 12, max: 30 },
    { title: 'operations/s'.padStart(spark + 6), align: 'right', min: spark + 6 },
    { title: 'p50 ms', align: 'right', priority: 1 },
    { title: 'p99 ms', align: 'right', priority: 1 },
    { title: 'fsync p50', align: 'right', priority: 2 },
    { title: 'fsync p99', align: 'right', priority: 2 },
    { title: 'loop ms', align: 'right', priority: 3 },
  ];
  const rows = servers.map((server, i) => dimmed(server, registerRow(server, i === selected, spark)));
  return withSelection(table(layout, rows, columns), selected);
}

function registerRow(server: ServerModel, isSelected: boolean, spark: number): Line[] {
  const { id, registers, rates } = server;
  const name = line(`${pointer(isSelected)}${id}`);
  if (!registers) return [name, showState(server)];
  const { cells, active, peers, performance } = registers;
  const silences = showSilences(server);
  return [
    name,
    showState(server),
    line(String(cells)),
    line(String(active)),
    line(`${peers.filter(({ linked }) => linked).length}/${peers.length}`),
    silences === '' ? line('·', 'quiet') : line(silences, 'warn'),
    join(span(sparkline(rates.values, spark), 'accent'), rate(performance.operationsPerSecond).padStart(6)),
    line(ms(performance.p50Ms)),
    line(ms(performance.p99Ms)),
    line(ms(performance.writes.p50Ms)),
    line(ms(performance.writes.p99Ms)),
    line(ms(performance.loopDelayMs)),
  ];
}

/** `config/a (read), everything from later on` */
export function showSilences({ registers }: ServerModel): string {
  return (registers?.silences ?? [])
    .map(({ key, phase, active }) => {
      const about = key ?? 'everything';
      return `${about}${phase ? ` (${phase})` : ''}${active ? '' : ', later'}`;
    })
    .join('; ');
}

/** What a server that does not answer said before is quiet, but for its state. */
function dimmed({ reach }: ServerModel, [name = [], state = [], ...rest]: Line[]): Line[] {
  if (reach === 'answers') return [name, state, ...rest];
  return [name, state, ...rest.map((cell) => cell.map((one) => ({ ...one, style: 'quiet' as const })))];
}

function withSelection(lines: Line[], selected: number): Line[] {
  return lines.map((one, i) => (i === selected + 1 ? inverse(one) : one));
}
