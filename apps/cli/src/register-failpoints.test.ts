import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { checkHistory, checkTags } from '@synod/linearizability';
import type { LocalRegisters } from './local-cluster/local-registers.js';
import { settleAll } from './record/settle-all.js';
import { Recorder } from './record/recorder.js';
import { temporaryRegisters } from './record/temporary-registers.js';
import { readRecorded, writeRecorded } from './record/workload.js';
import { MemoryHistory } from './testing/memory-history.js';
import { serverSubject } from './record/server-subject.js';

const writer = 'S1';
/** One that only S1 writes, and one that all may. */
const keys = ['r1', 'r2'];
/** Messages of which writes consist, at the writer; others ask it too. */
const types = ['read', 'value', 'write', 'ack'];
/** A question changes nothing: there is a write in its turn only by chance. */
const byChance = 'read:after-write';
/** At once: all but the last take timestamps that are never imposed. */
const writesAtOnce = 3;

/** What all servers hold that run: the value under each tag, key by key. */
async function held(local: LocalRegisters): Promise<(readonly [tag: string, value: string])[]> {
  const cells: (readonly [string, string])[] = [];
  for (const server of local.running()) {
    for await (const { key, cell } of local.connection(server).registers.cells()) {
      cells.push([`${key} (${cell.counter} ${cell.writer})`, String(cell.value)]);
    }
  }
  return cells;
}

/** What is still under way may take the server there before it has answered. */
async function arm(local: LocalRegisters, name: string): Promise<void> {
  const armed = local.admin(writer).setFailpoint({ name, action: 'kill', hits: 1 });
  await armed.catch((error: unknown) => {
    if (!(error instanceof SynodError) || error.code !== 'unavailable') throw error;
  });
}

test('a writer that is killed at any point of a write, and started again, never gives two writes one tag', async () => {
  const { local, close } = await temporaryRegisters({ servers: 3, keys: 2 });
  try {
    const all = (await local.admin(writer).failpoints()).map(({ name }) => name);
    const names = all.filter((name) => types.includes(name.split(':')[0]!) && name !== byChance);
    expect(names).toHaveLength(3 * types.length - 1);

    const output = new MemoryHistory();
    const recorder = new Recorder(output);
    const subject = serverSubject(local, writer);
    const clients = Array.from({ length: keys.length * writesAtOnce }, () => recorder.client());
    let written = 0;
    /** Its read phases ask the writer: a node asks those behind it, around and around. */
    const [asking, other] = [serverSubject(local, 'S3'), recorder.client()];
    /** All clients write at the same time, and another one reads. */
    const writeAll = () =>
      settleAll([
        ...clients.map(async (client, i) => {
          await writeRecorded(subject, client, keys[i % keys.length]!, `${++written}`);
        }),
        readRecorded(asking, other, keys.at(-1)!),
      ]);
    const values = new Map<string, string>();
    /** Under one tag every server holds one value, whenever it is looked at. */
    const look = async () => {
      for (const [tag, value] of await held(local)) {
        expect(`${tag}: ${value}`).toBe(`${tag}: ${values.get(tag) ?? value}`);
        values.set(tag, value);
      }
    };

    for (const name of names) {
      await writeAll();
      const killed = local.ended(writer);
      await arm(local, name);
      while (local.isRunning(writer)) {
        await writeAll();
        await turn(); // what is refused at once takes no turn of its own
      }
      expect(`${name}: ${await killed}`).toBe(`${name}: signal SIGKILL`);
      await look();
      for (const key of keys) await readRecorded(serverSubject(local, 'S2'), clients[0]!, key);
      await local.restart(writer);
      await look();
      await writeAll();
      for (const key of keys) await readRecorded(serverSubject(local, 'S3'), clients[0]!, key);
    }
    await recorder.end();
    const { history } = output;
    expect(checkTags(history).violations.map(({ key, explanation }) => key + explanation)).toEqual([]);
    expect(checkHistory(history).keys.map(({ key, explanation }) => key + explanation)).toEqual(keys);
    const completed = history.filter(({ f, outcome }) => f === 'write' && outcome === 'ok').length;
    expect(completed).toBeGreaterThanOrEqual(2 * names.length * clients.length);
  } finally {
    await close();
  }
}, 300_000);
