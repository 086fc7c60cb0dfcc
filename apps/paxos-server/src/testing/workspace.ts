import { fileURLToPath } from 'node:url';
import type { ServerReport, TransferCommand, TransferOutcome } from '@synod/ledger';
import { firstReport, newPlace, ServerWorkspace } from '@synod/server/testing';
import { LedgerConnection } from '@synod/transport/client';
import { startPaxosServer, type PaxosServer, type PaxosServerOptions } from '../index.js';

const bin = fileURLToPath(new URL('../../bin/synod-paxos-server.js', import.meta.url));

/** How long a transfer may take before a test gives it up. */
const patienceMs = 20_000;

/** A cluster of servers of the ledger, in a temporary directory. */
export class Workspace extends ServerWorkspace {
  static async make(servers: number): Promise<Workspace> {
    return new Workspace(await newPlace(servers), bin);
  }

  /** A server in this process. */
  async start(id: string, options: Partial<PaxosServerOptions> = {}): Promise<PaxosServer> {
    const server = await startPaxosServer({ cluster: this.cluster, id, dataDirectory: this.dataOf(id), ...options });
    this.keep({ close: () => server.stop() });
    return server;
  }

  ledger(id: string): LedgerConnection {
    return this.keep(new LedgerConnection(this.addressOf(id), { cluster: this.cluster.id }));
  }

  transfer(from: string, to: string, amount: bigint, options: Partial<TransferCommand> & { id?: string } = {}) {
    const { id = `${from}-${to}-${amount}`, ...rest } = options;
    const transfer = { id, from, to, amount };
    const command = {
      short: 'queue',
      durability: 'local',
      gather: undefined,
      ...rest,
      type: 'transfer',
      transfer,
    } as const;
    return this.ledger(from).transfer(command, { timeoutMs: patienceMs });
  }

  /** The first report of a server that is as wanted, from when it can be reached. */
  until(id: string, wanted: (report: ServerReport) => boolean): Promise<ServerReport> {
    return firstReport((options) => this.ledger(id).watchStatus(options), wanted);
  }

  /** All of them take part and are linked to one another. */
  async untilUp(...ids: string[]): Promise<void> {
    const linked = ({ status }: ServerReport) =>
      ids.every((id) => id === status.server || status.connected.includes(id));
    await Promise.all(ids.map((id) => this.until(id, (report) => report.status.ready && linked(report))));
  }
}

/** What counts of an outcome when a test compares it. */
export function brief({ id, status, sequence }: TransferOutcome): string {
  return `${id} ${status} ${sequence}`;
}
