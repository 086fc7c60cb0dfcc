// Two of three homes execute transfers, from time to time one wants them committed; the third is away all the time. Then
// it comes back, far behind: it goes on from a snapshot and fills in the blocks.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryNetwork } from '@synod/kernel';
import { ledgerMachine } from '@synod/ledger';
import { mustBeFlat, storeMiB, tell } from './figures.mjs';
import { random, startNode } from './node.mjs';

const members = ['S1', 'S2', 'S3'];
const accountsPerHome = 1000;
const initial = 10n ** 12n;
const accounts = members.flatMap((home) =>
  Array.from({ length: accountsPerHome }, (_, i) => ({ id: `${home}-${i}`, home, initial })),
);
const batch = 1000;
const samples = 24;

/** `transfers`: how many; `committed`: after so many each home makes one that waits for its block. */
export async function runLedger({ directory, transfers, committed, limits, window }) {
  const network = new MemoryNetwork();
  const start = (self) => {
    const options = { self, members, accounts, genesis: '0'.repeat(64), random, limits, window };
    const definition = ledgerMachine(options);
    return startNode({ self, definition, directory: `${directory}/${self}`, transport: network.transport(self) });
  };
  const nodes = { S1: await start('S1'), S2: await start('S2'), S3: await start('S3') };
  await until(
    () => statuses(nodes),
    (status) => status.ready,
  );

  await nodes.S3.stop();
  network.leave('S3');
  delete nodes.S3;

  const live = [];
  let done = 0;
  const transferOf = (home) => (i) => {
    const number = done + i;
    const to = `${members[number % 3]}-${(number * 7 + 1) % accountsPerHome}`;
    const from = `${home}-${number % accountsPerHome}`;
    const transfer = {
      id: `t${number}`,
      from,
      to: to === from ? `${home}-${(number + 1) % accountsPerHome}` : to,
      amount: 1n,
    };
    const durability = number % committed === 0 ? 'committed' : 'local';
    return { type: 'transfer', transfer, short: 'queue', durability, gather: undefined };
  };
  const isExecuted = (result) => assert.equal(result.outcome?.sequence > 0, true, JSON.stringify(result));
  for (let sample = 1; sample <= samples; sample++) {
    while (done < (transfers / samples) * sample) {
      await Promise.all(['S1', 'S2'].map((home) => nodes[home].askAll(batch, transferOf(home), isExecuted)));
      done += 2 * batch;
    }
    const { height, logLength } = await statusOf(nodes.S1);
    live.push(tell('transfers', { transfers: done, height, logLength, storeMiB: storeMiB(`${directory}/S1`) }));
  }
  mustBeFlat('transfers', live);

  const before = performance.now();
  nodes.S3 = await start('S3');
  await until(
    () => statuses(nodes),
    ({ height, catchingUp }, all) => !catchingUp && height === all[0].height,
  );
  tell('a server that was away takes part', {
    afterMs: Math.round(performance.now() - before),
    missing: (await statusOf(nodes.S3)).missing,
  });
  await until(
    () => statuses(nodes),
    (status) => status.missing === undefined,
  );
  tell('it has filled in the blocks', { afterMs: Math.round(performance.now() - before) });
  const [first, ...rest] = await Promise.all(Object.values(nodes).map((node) => node.ask({ type: 'balance-map' })));
  const committedOf = ({ map }) => map.balances.map((one) => one.committed);
  for (const other of rest) assert.deepEqual(committedOf(other), committedOf(first));
  assert.equal(
    committedOf(first).reduce((a, b) => a + b),
    initial * BigInt(accounts.length),
  );
  for (const node of Object.values(nodes)) await node.stop();
  for (const self of members)
    console.log(JSON.stringify({ what: 'store', self, storeMiB: storeMiB(`${directory}/${self}`) }));
}

/** Starts one server from what the run left. */
export async function openLedger({ directory, window }) {
  const options = { self: 'S1', members, accounts, genesis: '0'.repeat(64), random, window };
  const transport = new MemoryNetwork().transport('S1');
  const node = await startNode({
    self: 'S1',
    definition: ledgerMachine(options),
    directory: `${directory}/S1`,
    transport,
  });
  const { height, logLength } = await statusOf(node);
  tell('started from its store', { startMs: node.startMs, height, logLength });
  await node.stop();
}

async function statusOf(node) {
  return (await node.ask({ type: 'status' })).status;
}

function statuses(nodes) {
  return Promise.all(Object.values(nodes).map(statusOf));
}

async function until(look, holds) {
  for (;;) {
    const all = await look();
    if (all.every((one) => holds(one, all))) return;
    await delay(20);
  }
}
