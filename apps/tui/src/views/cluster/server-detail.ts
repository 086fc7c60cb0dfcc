import { join, line, span, type Line } from '../../layout/line.js';
import { ms, shortBallot } from '../../layout/text.js';
import { fundsOf, type ServerModel } from '../../model/server-model.js';
import { showState } from '../server-sign.js';
import { showSilences } from './server-table.js';

/** All that a row of the table may have no room for, in three lines at most. `servers`: how many there are. */
export function serverDetail(server: ServerModel, servers: number): Line[] {
  const { id, address, reason, ledger, registers } = server;
  const why = reason === '' ? '' : `: ${reason}`;
  const lines = [join(span(id, 'strong'), '  ', showState(server), why, '  ', span(address, 'quiet'))];
  if (server.reach !== 'answers') {
    const { settled, spendable } = fundsOf(server);
    const funds = `height ${ledger?.status.height ?? 0}, settled ${settled}, spendable ${spendable}`;
    const known = ledger ? `  when it last answered: ${funds}` : '  it has not answered yet';
    return [...lines, line(known, 'quiet')];
  }
  if (ledger) lines.push(ledgerDetail(ledger, server, servers), figures('transfers', ledger.performance));
  if (registers) {
    if (!ledger) lines.push(registerDetail(registers, server));
    lines.push(figures('operations', registers.performance));
  }
  return lines;
}

function ledgerDetail({ status }: NonNullable<ServerModel['ledger']>, server: ServerModel, servers: number): Line {
  const { promised, connected, undecided } = status;
  const { settled, spendable } = fundsOf(server);
  const links = connected.length === servers - 1 ? 'all peers' : connected.join(' ') || 'nobody';
  return join(
    `  linked to ${links}   promised ${shortBallot(promised)}   settled ${settled}, spendable ${spendable}   `,
    undecided > 0 ? span(`${undecided} in the round`, 'warn') : '',
  );
}

function registerDetail({ peers }: NonNullable<ServerModel['registers']>, server: ServerModel): Line {
  const unlinked = peers.filter(({ linked }) => !linked).map(({ node }) => node);
  const silences = showSilences(server);
  return join(
    `  ${unlinked.length === 0 ? 'linked to all peers' : `no link to ${unlinked.join(' ')}`}`,
    silences === '' ? '' : span(`   silent about ${silences}`, 'warn'),
  );
}

function figures(
  what: string,
  {
    p50Ms,
    p99Ms,
    writes,
    loopDelayMs,
  }: NonNullable<ServerModel['registers']>['performance'] | NonNullable<ServerModel['ledger']>['performance'],
): Line {
  return line(
    `  ms  ${what} p50 ${ms(p50Ms)} p99 ${ms(p99Ms)}   fsync p50 ${ms(writes.p50Ms)} p99 ${ms(writes.p99Ms)}   ` +
      `event loop ${ms(loopDelayMs)}`,
  );
}
