import type { LedgerCommand, LedgerProtocol, LedgerResult, ServerReport } from '@synod/ledger';
import { Door } from '@synod/server';
import type { LedgerBackend } from '@synod/transport/server';

/** What clients reach of the ledger: its machine, with transfers timed, and its report. */
export class LedgerDoor extends Door<LedgerProtocol> implements LedgerBackend {
  override invoke(command: LedgerCommand, done: (result: LedgerResult) => void): void {
    if (command.type !== 'transfer') return super.invoke(command, done);
    const arrived = performance.now();
    super.invoke(command, (result) => {
      if (result.type === 'outcome') {
        const { id, status } = result.outcome;
        this.instruments.metrics.decided(id, status, performance.now() - arrived);
      }
      done(result);
    });
  }

  async report(): Promise<ServerReport> {
    const [{ status }, { map }] = await Promise.all([
      this.ask({ type: 'status' }, 'status'),
      this.ask({ type: 'balance-map' }, 'balance-map'),
    ]);
    const { requests, writes, loopDelayMs } = this.instruments.metrics.report({ recent: 0 });
    return {
      status,
      own: map.balances.filter(({ home }) => home === this.instruments.server),
      performance: {
        transfersPerSecond: requests.perSecond,
        p50Ms: requests.p50Ms,
        p99Ms: requests.p99Ms,
        writes,
        loopDelayMs,
      },
    };
  }
}
