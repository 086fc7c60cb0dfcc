import { expect, test } from '@jest/globals';
import { MemoryNetwork, MemoryStorage, NodeLoop, systemClock } from '@synod/kernel';
import type { PaxosMessage } from '@synod/paxos';
import { ledgerMachine, type LedgerCommand, type LedgerProtocol, type LedgerResult, type Transfer } from './index.js';

const members = ['S1', 'S2', 'S3', 'S4', 'S5'];
const accounts = members.map((id) => ({ id, home: id, initial: 100n }));

async function cluster() {
  const network = new MemoryNetwork<PaxosMessage<Transfer>>();
  const loops = new Map<string, NodeLoop<LedgerProtocol>>();
  for (const self of members) {
    const definition = ledgerMachine({
      self,
      members,
      accounts,
      genesis: '00',
      random: Math.random,
      queueRounds: 'on-request',
    });
    loops.set(
      self,
      await NodeLoop.open<LedgerProtocol>({
        self,
        definition,
        storage: new MemoryStorage(),
        transport: network.transport(self),
        clock: systemClock,
        onFatal: (error) => {
          throw error;
        },
      }),
    );
  }
  const ask = (server: string, command: LedgerCommand) =>
    new Promise<LedgerResult>((resolve) => loops.get(server)!.invoke(command, resolve));
  return { ask, stop: () => Promise.all([...loops.values()].map((loop) => loop.stop())) };
}

test('the example of the transaction file leaves the balances the specification names', async () => {
  const { ask, stop } = await cluster();
  for (;;) {
    const results = await Promise.all(members.map((server) => ask(server, { type: 'status' })));
    if (results.every((r) => r.type === 'status' && r.status.ready && r.status.connected.length === 4)) break;
  }
  const statuses: string[] = [];
  const moves: [string, string, bigint][] = [
    ['S1', 'S3', 45n],
    ['S3', 'S5', 55n],
    ['S2', 'S4', 30n],
    ['S5', 'S1', 50n],
    ['S1', 'S3', 75n],
  ];
  for (const [i, [from, to, amount]] of moves.entries()) {
    const result = await ask(from, {
      type: 'transfer',
      transfer: { id: `1-${i + 1}`, from, to, amount },
      short: 'queue',
      durability: 'local',
      gather: members,
    });
    statuses.push(result.type === 'outcome' ? result.outcome.status : JSON.stringify(result));
  }
  expect(statuses).toEqual(['local', 'local', 'local', 'local', 'consensus']);
  const own: Record<string, bigint> = {};
  for (const server of members) {
    for (;;) {
      const status = await ask(server, { type: 'status' });
      if (status.type === 'status' && status.status.height === 1) break;
    }
    const result = await ask(server, { type: 'balance', account: server });
    if (result.type === 'balance') own[server] = result.balance.spendable;
  }
  expect(own).toEqual({ S1: 30n, S2: 70n, S3: 90n, S4: 130n, S5: 105n });
  await stop();
});
