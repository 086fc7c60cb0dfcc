import { join } from 'node:path';
import { SynodError, type Machine, type NodeId } from '@synod/kernel';
import { ledgerMachine, type LedgerCommand, type LedgerProtocol, type LedgerResult } from '@synod/ledger';
import { Inspection } from '@synod/storage';
import type { Cluster } from '@synod/cluster';

/**
 * Asks the ledger of a server that does not run, from a copy of its data directory: the same machine answers that
 * would have answered alive, and nothing of the directory changes. Rejects with `SynodError` if there is no store.
 */
export async function askOffline(
  cluster: Cluster,
  self: NodeId,
  directory: string,
  command: LedgerCommand,
): Promise<LedgerResult> {
  const store = await Inspection.open(join(directory, 'store'));
  try {
    const definition = ledgerMachine({
      self,
      members: cluster.servers.map(({ id }) => id),
      accounts: cluster.ledger.accounts,
      genesis: cluster.ledger.genesis,
      random: () => 0,
      queueRounds: 'on-request',
    });
    const { codec, live } = definition;
    const records = [];
    for await (const [key, bytes] of store.scan(live)) records.push([key, codec.decode(key, bytes)] as const);
    const reader = {
      get: (key: string) => {
        const bytes = store.get(key);
        return bytes && codec.decode(key, bytes);
      },
    };
    return ask(definition.recover({ records, reader }, 0), command);
  } finally {
    await store.close();
  }
}

function ask(machine: Machine<LedgerProtocol>, command: LedgerCommand): LedgerResult {
  const output = machine.step({ kind: 'invoke', id: 1, command }, 0);
  const answer = output.complete[0];
  if (!answer) throw new SynodError('internal', `${command.type} has no answer at once`);
  return answer.result;
}
