import { fingerprint } from '@synod/cluster';
import { ledgerMachine, type LedgerProtocol } from '@synod/ledger';
import { defaultLimits, showBallot } from '@synod/paxos';
import { systemRandom, type Application, type Instruments, type Recovered } from '@synod/server';
import { ledgerService, paxosMessageCodec } from '@synod/transport/server';
import { failpointTypes } from './failpoint-types.js';
import { LedgerDoor } from './ledger-door.js';
import { LedgerObserver } from './observation/ledger-observer.js';
import type { PaxosServerOptions } from './options.js';
import { storeConfiguration } from './store-configuration.js';

/** All that makes a server one of the ledger. */
export function ledgerApplication(
  { cluster, id, queueRounds, snapshotEntries = defaultLimits.snapshotEntries }: PaxosServerOptions,
  instruments: Instruments,
): Application<LedgerProtocol> {
  const { metrics, events, silence, backlog } = instruments;
  const members = cluster.servers.map((server) => server.id);
  const { accounts, genesis } = cluster.ledger;
  const door = new LedgerDoor(instruments);
  return {
    fingerprint: fingerprint(cluster),
    store: storeConfiguration(cluster),
    definition: ledgerMachine({
      self: id,
      members,
      accounts,
      genesis,
      random: systemRandom,
      queueRounds,
      limits: { snapshotEntries },
    }),
    codec: paxosMessageCodec,
    subjectOf: ({ ballot, height }) => `ballot ${showBallot(ballot)}, height ${height}`,
    failpointTypes,
    door,
    services: [ledgerService(door, { calls: metrics, silence, backlog })],
    observer: new LedgerObserver(events, door),
    ready: async () => (await door.report()).status.ready,
    recovered: () => recovered(door),
  };
}

async function recovered(door: LedgerDoor): Promise<Recovered> {
  const { height, logLength, pending } = (await door.report()).status;
  return {
    text: `block ${height}, ${logLength} in the log, ${pending} pending`,
    fields: { height: String(height), logLength: String(logLength), pending: String(pending) },
  };
}
