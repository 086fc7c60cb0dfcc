import { expect, test } from '@jest/globals';
import { ByteWriter } from '@synod/kernel';
import { encoded } from '@synod/kernel/testing';
import fc from 'fast-check';
import { liveKeys, nodeOfKey, paxosKeys, type PaxosRecord } from './records.js';
import { paxosRecordCodec } from './replicated-log.js';
import { textCodec } from './testing/text-codec.js';

const codec = paxosRecordCodec(textCodec);
const number = fc.maxSafeNat();
const text = fc.string({ unit: 'grapheme' });
const ballot = fc.record({ round: number, server: text });
const entry = fc.record({ owner: text, sequence: number, value: text });
const block = fc.record({ height: number, previous: text, ballot, entries: fc.array(entry), hash: text });
const kind = <K extends string>(name: K) => fc.constant(name);
const record: fc.Arbitrary<PaxosRecord<string>> = fc.oneof(
  fc.record({ kind: kind('round'), round: number }),
  fc.record({ kind: kind('promised'), ballot, height: number }),
  fc.record({ kind: kind('accepted'), ballot, block }),
  fc.record({ kind: kind('head'), height: number, hash: text }),
  fc.record({ kind: kind('owner'), sequence: number }),
  fc.record({ kind: kind('entry'), entry }),
  fc.record({ kind: kind('block'), block }),
  fc.record({ kind: kind('identity'), identity: text, standing: fc.constantFrom('new', 'established', 'replacement') }),
  fc.record({ kind: kind('member'), height: number, disk: text, address: text, sequence: number }),
  fc.record({ kind: kind('peer'), identity: text }),
  fc.record({ kind: kind('missing'), from: number, to: number, hash: text }),
);

test('every record read back is the record that was written', () => {
  fc.assert(
    fc.property(record, (written) => {
      expect(codec.decode('any', encoded(codec, written))).toEqual(written);
    }),
    { seed: 1 },
  );
});

test('bytes that end early or late are corrupt, never another record', () => {
  fc.assert(
    fc.property(record, fc.nat(), (written, at) => {
      const bytes = encoded(codec, written);
      expect(() => codec.decode('any', bytes.subarray(0, at % bytes.length))).toThrow('stored record is damaged');
      expect(() => codec.decode('any', Uint8Array.of(...bytes, 0))).toThrow('stored record is damaged');
    }),
    { seed: 2 },
  );
});

test('an unknown kind is corrupt', () => {
  expect(() => codec.decode('any', new ByteWriter().number(99).finish())).toThrow('unknown kind');
});

test('keys: numbers in order, names recovered, all but blocks read at start', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(paxosKeys.entry(a) < paxosKeys.entry(b)).toBe(a < b);
      expect(paxosKeys.block(a) < paxosKeys.block(b)).toBe(a < b);
    }),
    { seed: 3 },
  );
  for (const name of ['S1', '127.0.0.20:8000', 'a/b', 'Zoë']) {
    expect([nodeOfKey(paxosKeys.owner(name)), nodeOfKey(paxosKeys.peer(name))]).toEqual([name, name]);
  }
  const live = [paxosKeys.round, paxosKeys.promised, paxosKeys.accepted, paxosKeys.head, paxosKeys.identity];
  live.push(paxosKeys.missing, paxosKeys.owner('S1'), paxosKeys.peer('S1'), paxosKeys.entry(1));
  for (const key of live) expect(key >= liveKeys.from && key < liveKeys.to).toBe(true);
  for (const key of [paxosKeys.block(1), paxosKeys.overtaken(1)]) expect(key >= liveKeys.from).toBe(false);
});
