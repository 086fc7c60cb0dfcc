import { describe, expect, test } from '@jest/globals';
import { ByteWriter } from '@synod/kernel';
import { encoded } from '@synod/kernel/testing';
import { makeBlock } from '@synod/paxos';
import fc from 'fast-check';
import { maxAmount } from './checks.js';
import { ledgerRecordCodec, type LedgerRecord } from './records.js';
import { transferCodec } from './transfer.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });
const amount = fc.bigInt({ min: 0n, max: maxAmount });
const count = fc.nat(Number.MAX_SAFE_INTEGER);
const anyTransfer = fc.record({ id: text, from: text, to: text, amount });
const entry = fc.record({ owner: text, sequence: count, value: anyTransfer });

const anyRecord: fc.Arbitrary<LedgerRecord> = fc.oneof(
  fc.record({ kind: fc.constant('account' as const), account: text, balance: amount }),
  fc.record({ kind: fc.constant('pending' as const), number: count, transfer: anyTransfer }),
  fc.record({
    kind: fc.constant('outcome' as const),
    number: count,
    transfer: anyTransfer,
    status: fc.constantFrom('local' as const, 'consensus' as const, 'rejected' as const),
    sequence: count,
    reason: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({ kind: fc.constant('entry' as const), entry }),
  fc.array(entry, { maxLength: 5 }).map((entries) => ({
    kind: 'block' as const,
    block: makeBlock({ height: 1, previous: 'ab', ballot: { round: 1, server: 'S1' }, entries }, transferCodec),
  })),
);

describe('the ledger record codec', () => {
  test('reads back what it wrote, of the ledger and of Paxos', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(ledgerRecordCodec.decode('', encoded(ledgerRecordCodec, record))).toEqual(record);
      }),
    );
  });

  test('refuses every record that is cut short', () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, at) => {
        const bytes = encoded(ledgerRecordCodec, record);
        expect(() => ledgerRecordCodec.decode('', bytes.subarray(0, at % bytes.length))).toThrow(
          expect.objectContaining({ code: 'corrupt' }),
        );
      }),
    );
  });

  test('has the documented layout', () => {
    const transfer = { id: 'a', from: 'S1', to: 'S2', amount: 300n };
    const bytes = (record: LedgerRecord): number[] => [...encoded(ledgerRecordCodec, record)];
    const written = [1, 97, 2, 83, 49, 2, 83, 50, 0xac, 0x02];
    expect(bytes({ kind: 'account', account: 'S1', balance: 300n })).toEqual([64, 2, 83, 49, 0xac, 0x02]);
    expect(bytes({ kind: 'pending', number: 7, transfer })).toEqual([65, 7, ...written]);
    expect(bytes({ kind: 'outcome', number: 7, transfer, status: 'rejected', sequence: 0, reason: 'no' })).toEqual([
      66,
      7,
      ...written,
      2,
      0,
      2,
      110,
      111,
    ]);
  });

  test.each([
    ['an unknown kind of the ledger', new ByteWriter().number(67), 'unknown kind'],
    ['an unknown kind of Paxos', new ByteWriter().number(63), 'unknown kind'],
    [
      'an unknown status',
      transferOf(new ByteWriter().number(66).number(1)).number(9).number(0).text(''),
      'unknown status',
    ],
    ['bytes too many', new ByteWriter().number(64).text('S1').uint64(1n).number(0), '1 bytes too many'],
    ['nothing', new ByteWriter(), 'the bytes end early'],
  ])('refuses %s', (_, writer, message) => {
    expect(() => ledgerRecordCodec.decode('', writer.finish())).toThrow(
      expect.objectContaining({ code: 'corrupt', message: `stored record is damaged: ${message}` }),
    );
  });
});

function transferOf(writer: ByteWriter): ByteWriter {
  transferCodec.write(writer, { id: 'a', from: 'S1', to: 'S2', amount: 1n });
  return writer;
}
