import assert from 'node:assert/strict';
import type { Random, Storage, StorageWrite } from '../ports.js';
import type { StoragePlace, Survival } from './storage-place.js';

const KEYS = 60;

/**
 * Writes random batches to a storage and to a map and compares them, through reads, scans and, as far as the storage
 * goes, reopenings and crashes. Deterministic in the suite's seed, up to when the disk answers.
 */
export async function compareWithModel(
  storage: Storage,
  place: StoragePlace,
  { survives, randomBatches, seed }: { survives: Survival; randomBatches: number; seed: number },
): Promise<void> {
  const random = seeded(seed);
  const model = new Map<string, Uint8Array>();
  let open = storage;
  const pending: Promise<void>[] = [];

  for (let i = 0; i < randomBatches; i++) {
    const batch = randomBatch(random);
    for (const { key, value } of batch) {
      if (value === undefined) model.delete(key);
      else model.set(key, new Uint8Array(value));
    }
    pending.push(new Promise((resolve, reject) => open.write(batch, (error) => (error ? reject(error) : resolve()))));

    const key = randomKey(random);
    assert.deepEqual(plain(open.get(key)), plain(model.get(key)), `seed ${seed}: ${key} differs after batch ${i}`);
    if (random() < 0.1) await Promise.all(pending.splice(0));
    if (random() < 0.02) await compareScan(open, model, random, `seed ${seed}: scan after batch ${i}`);
    if (survives !== 'nothing' && random() < 0.01) {
      await Promise.all(pending);
      open = await restart(open, place, survives === 'crash' && random() < 0.5);
      await compareScan(open, model, () => 0, `seed ${seed}: reopened after batch ${i}`);
    }
  }
  await Promise.all(pending);
  await compareScan(open, model, () => 0, `seed ${seed}: at the end`);
}

async function restart(storage: Storage, place: StoragePlace, crash: boolean): Promise<Storage> {
  if (crash) return place.crash!();
  await storage.close();
  return place.open();
}

async function compareScan(
  storage: Storage,
  model: ReadonlyMap<string, Uint8Array>,
  random: Random,
  where: string,
): Promise<void> {
  const from = random() < 0.5 ? '' : randomKey(random);
  const to = random() < 0.5 ? '\x7f' : randomKey(random);
  const expected = [...model].filter(([key]) => key >= from && key < to).sort(([a], [b]) => (a < b ? -1 : 1));
  const found: [string, string | undefined][] = [];
  for await (const [key, value] of storage.scan({ from, to })) found.push([key, plain(value)]);
  assert.deepEqual(
    found,
    expected.map(([key, value]) => [key, plain(value)]),
    `${where} differs`,
  );
}

function randomBatch(random: Random): StorageWrite[] {
  return Array.from({ length: Math.floor(random() * 5) }, () => ({
    key: randomKey(random),
    value: random() < 0.25 ? undefined : new Uint8Array(Math.floor(random() * 200)).fill(random() * 256),
  }));
}

function randomKey(random: Random): string {
  return `key/${Math.floor(random() * KEYS)}`;
}

function plain(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString('hex');
}

/** Mulberry32. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
