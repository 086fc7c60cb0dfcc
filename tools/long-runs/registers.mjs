// A million registers of 16 bytes on one node: written, overwritten, and there again after a restart.
import assert from 'node:assert/strict';
import { MemoryNetwork } from '@synod/kernel';
import { registerMachine } from '@synod/register';
import { mustBeFlat, storeMiB, tell } from './figures.mjs';
import { random, startNode } from './node.mjs';

const batch = 1000;
const replication = { writer: 'S1', replicas: ['S1'] };

export async function runRegisters({ directory, registers, passes }) {
  const node = await start(directory);
  const live = [];
  const isWritten = (result) => assert.equal(result.type, 'written', JSON.stringify(result));
  for (let pass = 1; pass <= passes; pass++) {
    for (let from = 0; from < registers; from += batch) {
      const write = (i) => ({ type: 'write', key: key(from + i), value: value(pass, from + i) });
      await node.askAll(batch, write, isWritten);
    }
    live.push(tell('written', { pass, registers, storeMiB: storeMiB(directory) }));
  }
  mustBeFlat('overwriting', live);
  await node.stop();
}

/** Starts the node from what the run left. */
export async function openRegisters({ directory, registers, passes }) {
  const node = await start(directory);
  tell('started from its store', { startMs: node.startMs, registers, storeMiB: storeMiB(directory) });
  const isNewest = ({ value: read }, i) => assert.deepEqual(Buffer.from(read), value(passes, i));
  await node.askAll(batch, (i) => ({ type: 'read', key: key(i) }), isNewest);
  await node.stop();
}

function start(directory) {
  const definition = registerMachine({ self: 'S1', members: ['S1'], replicaSetOf: () => replication, random });
  return startNode({ self: 'S1', definition, directory, transport: new MemoryNetwork().transport('S1') });
}

function key(i) {
  return `register-${i}`;
}

/** 16 bytes. */
function value(pass, i) {
  return Buffer.from(`${pass}:${i}`.padEnd(16, '.'));
}
