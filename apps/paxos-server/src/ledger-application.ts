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
  { cluster, id, queueRounds, replacement, snapshotEntries = defaultLimits.snapshotEntries }: PaxosServerOptions,
  instruments: Instruments,
): Application<LedgerProtocol> {
  const { metrics, events, members, silence, backlog } = instruments;
  const names = cluster.servers.map((server) => server.id);
  const { accounts, genesis } = cluster.ledger;
  const door = new LedgerDoor(instruments);
  return {
    fingerprint: fingerprint(cluster),
    store: storeConfiguration(cluster),
    definition: ledgerMachine({
      self: id,
      members: names,
      accounts,
      genesis,
      random: systemRandom,
      queueRounds,
      limits: { snapshotEntries },
      replacement,
      onDisk: (disk) => members.setDisk(disk),
      onMember: (server, { height, disk, address }) => members.setMember(server, { since: height, disk, address }),
    }),
    codec: paxosMessageCodec,
    subjectOf: ({ ballot, height }) => `ballot ${showBallot(ballot)}, height ${height}`,
    failpointTypes,
    door,
    services: [ledgerService(door, { calls: metrics, silence, backlog })],
    observer: new LedgerObserver(events, door),
    async replace(change) {
      const { height, sequence } = await door.ask({ type: 'replace', change }, 'replaced');
      return { type: 'block', height, sequence };
    },
    ready: async () => (await door.report()).status.ready,
    recovered: () => recovered(door),
  };
}

async function recovered(door: LedgerDoor): Promise<Recovered> {
  const { height, logLength, pending, waits, server, disk } = (await door.report()).status;
  const waiting = waits ? `waits to be accepted as ${server} (disk ${disk}), ` : '';
  return {
    text: `${waiting}block ${height}, ${logLength} in the log, ${pending} pending`,
    fields: { height: String(height), logLength: String(logLength), pending: String(pending) },
  };
}
