import type { Cluster } from '@synod/cluster';
import type { NodeId } from '@synod/kernel';
import { ledgerMachine, type LedgerCommand, type LedgerProtocol, type LedgerResult } from '@synod/ledger';
import { askOffline } from './offline-machine.js';

/** Asks the ledger of a server that does not run. Rejects with `SynodError` if there is no store. */
export async function askOfflineLedger(
  { servers, ledger }: Cluster,
  self: NodeId,
  directory: string,
  command: LedgerCommand,
): Promise<LedgerResult> {
  const definition = ledgerMachine({
    self,
    members: servers.map(({ id }) => id),
    accounts: ledger.accounts,
    genesis: ledger.genesis,
    random: () => 0,
    queueRounds: 'on-request',
  });
  const [result] = await askOffline<LedgerProtocol>(directory, definition, [command]);
  return result!;
}
