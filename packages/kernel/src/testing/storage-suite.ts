import assert from 'node:assert/strict';
import type { KeyRange, Storage, StorageWrite } from '../ports.js';
import { compareWithModel } from './storage-model.js';
import type { StoragePlace, Survival } from './storage-place.js';

export interface StorageSuite {
  readonly name: string;
  /** Registers one test: `test` of Jest, `node:test` or Vitest. */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  readonly place: () => StoragePlace;
  readonly survives: Survival;
  /** How many random batches are compared with a model. Default 1,000. */
  readonly randomBatches?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Proves what `Storage` promises; every implementation must pass.
 *
 * ```ts
 * storageSuite({ name: 'MyStorage', test, place: () => new MyPlace(), survives: 'crash' });
 * ```
 */
export function storageSuite(suite: StorageSuite): void {
  const prove = (promise: string, body: (storage: Storage, place: StoragePlace) => Promise<void>) =>
    suite.test(`${suite.name}: ${promise}`, async () => {
      const place = suite.place();
      try {
        await body(await place.open(), place);
      } finally {
        await place.remove?.();
      }
    });

  prove('what is written is read back, at once and when durable', async (storage) => {
    assert.equal(storage.get('key'), undefined);
    const durable = write(storage, { key: 'value' });
    assert.equal(text(storage.get('key')), 'value');
    await durable;
    assert.equal(text(storage.get('key')), 'value');
  });

  prove('done comes after write has returned, once each, in call order', async (storage) => {
    const order: (number | string)[] = [];
    const all = Array.from({ length: 500 }, (_, i) => write(storage, { [`k${i}`]: 'v' }, () => order.push(i)));
    order.push('returned');
    await Promise.all(all);
    assert.deepEqual(order, ['returned', ...all.keys()]);
  });

  prove('a write asked for in done is done later', async (storage) => {
    const order: string[] = [];
    await new Promise<void>((resolve, reject) => {
      storage.write(puts({ a: '1' }), (error) => {
        if (error) return reject(error);
        storage.write(puts({ b: '2' }), () => resolve(void order.push('inner')));
        order.push('outer');
      });
    });
    assert.deepEqual(order, ['outer', 'inner']);
  });

  prove('an empty batch is done in its turn', async (storage) => {
    const order: string[] = [];
    await Promise.all([
      write(storage, {}, () => order.push('first')),
      write(storage, { a: '1' }, () => order.push('second')),
      write(storage, {}, () => order.push('third')),
    ]);
    assert.deepEqual(order, ['first', 'second', 'third']);
  });

  prove('of several puts of one key the last one stays', async (storage) => {
    const batch = [...puts({ a: '1', b: '1' }), ...puts({ a: undefined, b: undefined }), ...puts({ a: '2' })];
    await new Promise<void>((resolve) => storage.write(batch, () => resolve()));
    assert.deepEqual(await content(storage), [['a', '2']]);
    await Promise.all([write(storage, { a: '3' }), write(storage, { a: '4' })]);
    assert.deepEqual(await content(storage), [['a', '4']]);
  });

  prove('a removed key is gone, and removing an absent one is fine', async (storage) => {
    await write(storage, { a: '1', b: '2' });
    const durable = write(storage, { a: undefined, absent: undefined });
    assert.equal(storage.get('a'), undefined);
    assert.deepEqual(await content(storage), [['b', '2']]);
    await durable;
    assert.equal(storage.get('a'), undefined);
    assert.deepEqual(await content(storage), [['b', '2']]);
  });

  prove('a scan is in key order and half open', async (storage) => {
    const keys = ['b', 'a', 'a/', 'a/1', 'a/10', 'a/2', 'a0', '!', '~', 'A', 'ab', 'k'.repeat(300)];
    await write(storage, Object.fromEntries(keys.map((key) => [key, key])));
    assert.deepEqual(await keysIn(storage, EVERYTHING), keys.toSorted());
    assert.deepEqual(await keysIn(storage, { from: 'a/', to: 'a0' }), ['a/', 'a/1', 'a/10', 'a/2']);
    assert.deepEqual(await keysIn(storage, { from: 'a/1', to: 'a/2' }), ['a/1', 'a/10']);
    assert.deepEqual(await keysIn(storage, { from: 'a', to: 'a' }), []);
    assert.deepEqual(await keysIn(storage, { from: 'b', to: 'a' }), []);
  });

  prove('a scan shows the moment it was asked for', async (storage) => {
    await write(storage, { durable: '1', removed: '1', kept: '1' });
    const before = write(storage, { pending: '1', removed: undefined });
    const scan = storage.scan(EVERYTHING);
    const after = write(storage, { later: '1', kept: undefined, durable: '2' });
    await Promise.all([before, after]);
    assert.deepEqual(await entries(scan), [
      ['durable', '1'],
      ['kept', '1'],
      ['pending', '1'],
    ]);
  });

  prove('scans may be left early and run side by side', async (storage) => {
    await write(storage, { a: '1', b: '2', c: '3' });
    for await (const [key] of storage.scan(EVERYTHING)) if (key === 'b') break;
    const both = await Promise.all([content(storage), content(storage)]);
    assert.deepEqual(both[0], both[1]);
    assert.equal(both[0].length, 3);
  });

  prove('values are not shared with the reader, nor with what lies around them in memory', async (storage) => {
    const around = Buffer.from('before|value|after');
    await new Promise<void>((resolve) => storage.write([{ key: 'a', value: around.subarray(7, 12) }], () => resolve()));
    const first = storage.get('a');
    assert.equal(text(first), 'value');
    first?.fill(0);
    for await (const [, value] of storage.scan(EVERYTHING)) value.fill(0);
    assert.equal(text(storage.get('a')), 'value');
    const kept = storage.get('a');
    await write(storage, { a: 'other' });
    assert.equal(text(kept), 'value');
  });

  prove('values may be empty, hold any byte, and be large', async (storage, place) => {
    const large = Uint8Array.from({ length: 3 << 20 }, (_, i) => (i * 31) ^ (i >> 8));
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const values = { bytes, empty: new Uint8Array(0), large };
    const batch = Object.entries(values).map(([key, value]) => ({ key, value: new Uint8Array(value) }));
    await new Promise<void>((resolve) => storage.write(batch, () => resolve()));
    const read = suite.survives === 'nothing' ? storage : await reopen(storage, place);
    for (const [key, value] of Object.entries(values)) {
      const found = read.get(key);
      assert.ok(found && Buffer.compare(found, value) === 0, `${key} came back altered`);
    }
  });

  prove('close waits for what is being written', async (storage) => {
    let done = 0;
    for (let i = 0; i < 20; i++) storage.write(puts({ [`k${i}`]: 'v' }), (error) => void (error ?? done++));
    await storage.close();
    assert.equal(done, 20);
  });

  prove('every write has a higher number than those before, from the moment it is done', async (storage) => {
    assert.equal(storage.lastNumber, storage.opening.recovered);
    const numbers = [storage.lastNumber];
    for (const key of ['a', 'b', 'c']) {
      await write(storage, { [key]: '1' }, () => numbers.push(storage.lastNumber));
    }
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a, b) => a - b),
    );
    assert.equal(numbers.length, 4);
  });

  prove('disks have different names', async (storage) => {
    const other = suite.place();
    try {
      assert.notEqual((await other.open()).opening.disk, storage.opening.disk);
    } finally {
      await other.remove?.();
    }
  });

  const { survives, randomBatches = 1_000, seed = 1 } = suite;
  prove(`random batches leave what they leave in a map (seed ${seed})`, (storage, place) =>
    compareWithModel(storage, place, { survives, randomBatches, seed }),
  );

  if (survives === 'nothing') return;

  prove('reopening keeps everything', async (storage, place) => {
    await write(storage, { a: '1', b: '2', c: '3' });
    await write(storage, { b: undefined, c: '4' });
    const again = await reopen(storage, place);
    assert.deepEqual(await content(again), [
      ['a', '1'],
      ['c', '4'],
    ]);
    await write(again, { a: undefined, d: '5' });
    assert.deepEqual(await content(await reopen(again, place)), [
      ['c', '4'],
      ['d', '5'],
    ]);
  });

  prove('a disk keeps its name and its number; each opening has a name of its own', async (storage, place) => {
    await write(storage, { a: '1' });
    await write(storage, { b: '2' });
    const { opening, lastNumber } = storage;
    const again = (await reopen(storage, place)).opening;
    assert.deepEqual([again.disk, again.recovered], [opening.disk, lastNumber]);
    assert.notEqual(again.incarnation, opening.incarnation);
  });

  if (survives === 'close') return;

  prove('a crash keeps whole batches, a prefix of the calls, and all that was done', async (storage, place) => {
    let calls = 0;
    let done = 0;
    const reached = new Promise<void>((resolve) => {
      const next = () => {
        const stamp = String(calls++).padStart(3, '0');
        storage.write(puts({ [`a${stamp}`]: stamp, [`b${stamp}`]: stamp, last: stamp }), () => {
          if (++done < 100) next();
          else resolve();
        });
      };
      for (let writers = 0; writers < 8; writers++) next();
    });
    await reached;
    const acknowledged = done;
    const survived = await content(await place.crash!());
    const kept = survived.filter(([key]) => key.startsWith('a')).length;
    assert.ok(kept >= acknowledged, `${acknowledged} batches were done, ${kept} survived`);
    const stamps = Array.from({ length: kept }, (_, i) => String(i).padStart(3, '0'));
    assert.deepEqual(survived, [
      ...stamps.map((stamp) => [`a${stamp}`, stamp]),
      ...stamps.map((stamp) => [`b${stamp}`, stamp]),
      ['last', stamps.at(-1)],
    ]);
  });
}

const EVERYTHING: KeyRange = { from: '', to: '\x7f' };

function puts(values: Record<string, string | undefined>): StorageWrite[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: value === undefined ? undefined : Buffer.from(value),
  }));
}

function write(storage: Storage, values: Record<string, string | undefined>, done = () => {}): Promise<void> {
  return new Promise((resolve, reject) => {
    storage.write(puts(values), (error) => {
      done();
      if (error) reject(error);
      else resolve();
    });
  });
}

async function reopen(storage: Storage, place: StoragePlace): Promise<Storage> {
  await storage.close();
  return place.open();
}

async function entries(scan: ReturnType<Storage['scan']>): Promise<[string, string | undefined][]> {
  const found: [string, string | undefined][] = [];
  for await (const [key, value] of scan) found.push([key, text(value)]);
  return found;
}

function content(storage: Storage): Promise<[string, string | undefined][]> {
  return entries(storage.scan(EVERYTHING));
}

async function keysIn(storage: Storage, range: KeyRange): Promise<string[]> {
  return (await entries(storage.scan(range))).map(([key]) => key);
}

function text(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString();
}
