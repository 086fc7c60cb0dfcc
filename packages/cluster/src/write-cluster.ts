import { stringify } from 'yaml';
import type { Cluster } from './cluster.js';

/** The text of a `cluster.yaml` that `readCluster` reads back as an equal cluster. */
export function writeCluster({ id, servers, ledger, registers, tokens }: Cluster): string {
  const accounts = ledger.accounts.map(({ id, home, initial }) => ({
    id,
    home,
    initial: initial === ledger.initial ? undefined : initial,
  }));
  return stringify(
    {
      cluster: id,
      servers,
      ledger: { initial: ledger.initial, accounts },
      registers: registers.length === 0 ? undefined : registers,
      tokens,
    },
    { lineWidth: 0 },
  );
}
