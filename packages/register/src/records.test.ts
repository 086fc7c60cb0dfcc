import { describe, expect, test } from '@jest/globals';
import { encoded } from '@synod/kernel/testing';
import fc from 'fast-check';
import { pack, unpack } from './cell.js';
import {
  liveKeys,
  nameInKey,
  registerKeys,
  registerRecordCodec,
  type RegisterRecord,
  type NodeStanding,
} from './records.js';

const name = fc.string({ minLength: 1, unit: 'binary' });
const standing = fc.constantFrom<NodeStanding>('member', 'lost', 'waiting', 'copying');
const anyRecord: fc.Arbitrary<RegisterRecord> = fc.oneof(
  fc.record({ kind: fc.constant('node' as const), identity: name, incarnation: name, standing }),
  fc.record({ kind: fc.constant('peer' as const), identity: name }),
  fc.record({ kind: fc.constant('known' as const) }),
  fc.record({ kind: fc.constant('set' as const), writer: name, replicas: fc.array(name) }),
  fc.record({
    kind: fc.constant('replacement' as const),
    version: fc.nat(),
    disk: name,
    address: name,
    done: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('cell' as const),
    set: fc.nat(),
    counter: fc.maxSafeNat(),
    writer: name,
    incarnation: name,
    packed: fc.option(fc.uint8Array().map(pack), { nil: undefined }),
  }),
);

const bytesOf = (record: RegisterRecord): Uint8Array => encoded(registerRecordCodec, record);

describe('records', () => {
  test('come back from storage as they went', () => {
    fc.assert(
      fc.property(anyRecord, (record) => expect(registerRecordCodec.decode('', bytesOf(record))).toEqual(record)),
    );
  });

  test('of a node as it was written before there were replacements are read', () => {
    const record = { kind: 'node' as const, identity: 'a', incarnation: 'b', standing: 'lost' as const };
    expect(registerRecordCodec.decode('', Uint8Array.of(0, 1, 97, 1, 98, 1))).toEqual(record);
  });

  test('an empty value is not a tombstone', () => {
    const cell = { kind: 'cell' as const, set: 1, counter: 1, writer: 'S1', incarnation: '0' };
    expect(bytesOf({ ...cell, packed: '' })).not.toEqual(bytesOf({ ...cell, packed: undefined }));
  });

  test.each([
    ['of no known kind', Uint8Array.of(6)],
    ['that end early', bytesOf({ kind: 'peer', identity: 'abc' }).slice(0, -1)],
    ['of no known standing', Uint8Array.of(0, 0, 0, 4)],
    ['that go on', Uint8Array.of(...bytesOf({ kind: 'known' }), 0)],
  ])('%s are damaged', (_, bytes) => {
    expect(() => registerRecordCodec.decode('', bytes)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  test('lie in the range that is read at start, under names that lead back', () => {
    const keys = [
      registerKeys.node,
      registerKeys.peer('a:1'),
      registerKeys.known('a:1'),
      registerKeys.replacement('a:1'),
      registerKeys.set(1),
    ];
    for (const key of [...keys, registerKeys.cell('config/ü~')]) {
      expect(key >= liveKeys.from && key < liveKeys.to).toBe(true);
      expect(key).toMatch(/^[ -~]+$/);
    }
    expect(nameInKey(registerKeys.cell('config/ü~'))).toBe('config/ü~');
  });
});

describe('packed values', () => {
  test('hold every byte', () => {
    fc.assert(fc.property(fc.uint8Array(), (value) => expect(unpack(pack(value))).toEqual(value)));
  });

  test('of a part of a buffer hold that part alone', () => {
    expect(unpack(pack(Buffer.from('abcdef').subarray(2, 4)))).toEqual(Uint8Array.of(99, 100));
  });
});
