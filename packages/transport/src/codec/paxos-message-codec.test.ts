import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { Transfer } from '@synod/ledger';
import { noBallot, type Ballot, type Block, type Entry, type PaxosMessage } from '@synod/paxos';
import fc from 'fast-check';
import { Message } from '../gen/synod/paxos/v1/messages.js';
import { paxosMessageCodec } from './paxos-message-codec.js';

const name = fc.oneof(fc.constantFrom('S1', 'S2', 'S10'), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }));
const counter = fc.oneof(fc.constantFrom(1, 2 ** 32, Number.MAX_SAFE_INTEGER), fc.integer({ min: 1, max: 1000 }));
const height = fc.oneof(fc.constant(0), counter);
const hexDigits = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'));
const hash = hexDigits(32);
const identity = hexDigits(8);
const amount = fc.oneof(fc.constantFrom(1n, 2n ** 53n, 2n ** 64n - 1n), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }));

const ballot: fc.Arbitrary<Ballot> = fc.record({ round: counter, server: name });
const ballotOrNone = fc.oneof(fc.constant(noBallot), ballot);
const transfer: fc.Arbitrary<Transfer> = fc.record({ id: name, from: name, to: name, amount });
const entry: fc.Arbitrary<Entry<Transfer>> = fc.record({ owner: name, sequence: counter, value: transfer });
const entries = fc.array(entry, { maxLength: 5 });
const block: fc.Arbitrary<Block<Transfer>> = fc.record({
  height: counter,
  previous: hash,
  ballot,
  entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
  hash,
});
const blocks = fc.array(block, { maxLength: 3 });
const proposal = { ballot, height: counter };
const standing = { ballot: ballotOrNone, height };

const message: fc.Arbitrary<PaxosMessage<Transfer>> = fc.oneof(
  fc.record({ type: fc.constantFrom('prepare', 'accepted', 'withdraw'), ...proposal }),
  fc.record({
    type: fc.constant('promise'),
    ...proposal,
    accepted: fc.option(fc.record({ ballot, block }), { nil: undefined }),
    log: entries,
    more: fc.boolean(),
    wants: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('nack'),
    ...proposal,
    promised: ballotOrNone,
    promisedFor: height,
    committed: height,
    blocks,
  }),
  fc.record({ type: fc.constant('accept'), ...proposal, block }),
  fc.record({ type: fc.constant('commit'), ...proposal, hash, next: fc.option(name, { nil: undefined }) }),
  fc.record({ type: fc.constant('status'), ...standing, hash }),
  fc.record({
    type: fc.constant('fetch'),
    ballot: ballotOrNone,
    height: counter,
    entries: height,
    whole: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('snapshot'),
    ballot: ballotOrNone,
    height: counter,
    hash,
    sequences: fc.array(fc.tuple(name, counter), { maxLength: 5 }),
    members: fc.array(fc.tuple(name, fc.record({ height: counter, disk: name, address: name, sequence: height })), {
      maxLength: 3,
    }),
    state: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ type: fc.constant('backfill'), ballot: ballotOrNone, height: counter }),
  fc.record({ type: fc.constant('history'), ballot: ballotOrNone, height: counter, blocks }),
  fc.record({ type: fc.constant('blocks'), ...standing, blocks }),
  fc.record({ type: fc.constant('introduce'), ...standing, identity, established: fc.boolean() }),
  fc.record({ type: fc.constant('acquainted'), ...standing, identity }),
);

const seed = 20_240_601;

test('every message comes back as it was', () => {
  fc.assert(
    fc.property(message, (sent) => {
      expect(paxosMessageCodec.decode(paxosMessageCodec.encode(sent))).toEqual(sent);
    }),
    { seed, numRuns: 2000 },
  );
});

test('bytes that are cut short or flipped make a message or an invalid_argument, nothing else', () => {
  fc.assert(
    fc.property(message, fc.nat(), fc.nat(255), (sent, position, flip) => {
      const bytes = paxosMessageCodec.encode(sent);
      const at = position % bytes.length;
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= flip;
      for (const damaged of [bytes.subarray(0, at), flipped]) {
        try {
          paxosMessageCodec.decode(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(SynodError);
          expect((error as SynodError).code).toBe('invalid_argument');
        }
      }
    }),
    { seed, numRuns: 2000 },
  );
});

describe('nonsense is refused by the name of its field', () => {
  const aBallot = { round: 1, server: 'S1' };
  const aTransfer = { id: 't', from: 'S1', to: 'S2', amount: 5n };
  const anEntry = { owner: 'S1', sequence: 1, transfer: aTransfer };
  const aHash = Buffer.alloc(32, 7);
  const aBlock = { height: 1, previous: aHash, ballot: aBallot, entries: [anEntry], hash: aHash, change: undefined };
  const accept = (change: object): Message => ({
    content: { $case: 'accept', value: { ballot: aBallot, height: 1, block: { ...aBlock, ...change } } },
  });
  const inTransfer = (change: object) => accept({ entries: [{ ...anEntry, transfer: { ...aTransfer, ...change } }] });

  test.each<[string, Message]>([
    ['message is missing', { content: undefined }],
    ['ballot is missing', { content: { $case: 'prepare', value: { ballot: undefined, height: 1 } } }],
    [
      'ballot.round must be at least 1',
      { content: { $case: 'prepare', value: { ballot: { round: 0, server: '' }, height: 1 } } },
    ],
    [
      'ballot.server is empty',
      { content: { $case: 'fetch', value: { ballot: { round: 1, server: '' }, height: 1, entries: 0, whole: false } } },
    ],
    ['height must be at least 1', { content: { $case: 'prepare', value: { ballot: aBallot, height: 0 } } }],
    [
      'height must be at least 1',
      { content: { $case: 'fetch', value: { ballot: aBallot, height: 0, entries: 0, whole: false } } },
    ],
    [
      'hash has 0 bytes instead of 32',
      { content: { $case: 'commit', value: { ballot: aBallot, height: 1, hash: Buffer.alloc(0), next: '' } } },
    ],
    [
      'identity has 9 bytes instead of 8',
      {
        content: {
          $case: 'introduce',
          value: { ballot: aBallot, height: 1, identity: Buffer.alloc(9), established: true },
        },
      },
    ],
    ['block is missing', { content: { $case: 'accept', value: { ballot: aBallot, height: 1, block: undefined } } }],
    ['block.entries is empty', accept({ entries: [] })],
    ['block.previous has 31 bytes instead of 32', accept({ previous: Buffer.alloc(31) })],
    ['entry.owner is empty', accept({ entries: [{ ...anEntry, owner: '' }] })],
    ['entry.sequence must be at least 1', accept({ entries: [{ ...anEntry, sequence: 0 }] })],
    ['entry.transfer is missing', accept({ entries: [{ ...anEntry, transfer: undefined }] })],
    ['entry.transfer.id is empty', inTransfer({ id: '' })],
    ['entry.transfer.to is empty', inTransfer({ to: '' })],
    ['entry.transfer.amount must be at least 1', inTransfer({ amount: 0n })],
  ])('%s', (problem, wire) => {
    const bytes = Message.encode(wire).finish();
    expect(() => paxosMessageCodec.decode(bytes)).toThrow(new SynodError('invalid_argument', problem));
  });

  test('a height above 2^53-1', () => {
    // Message { accepted { ballot { round: 1, server: "S" }, height: 2^53 } }, by hand: the encoder refuses to.
    const ballotBytes = [0x0a, 5, 0x08, 1, 0x12, 1, 0x53];
    const heightBytes = [0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    const content = [...ballotBytes, ...heightBytes];
    const bytes = Uint8Array.from([0x2a, content.length, ...content]);
    expect(() => paxosMessageCodec.decode(bytes)).toThrow(/MAX_SAFE_INTEGER/);
  });
});

test('a block of 100,000 transfers is written and read', () => {
  const log = Array.from({ length: 100_000 }, (_, i) => ({
    owner: `S${(i % 5) + 1}`,
    sequence: i + 1,
    value: { id: `client-7f3a-${i}`, from: 'S1', to: 'S2', amount: BigInt(i + 1) },
  }));
  const big: PaxosMessage<Transfer> = {
    type: 'accept',
    ballot: { round: 7, server: 'S1' },
    height: 3,
    block: {
      height: 3,
      previous: '00'.repeat(32),
      ballot: { round: 7, server: 'S1' },
      entries: log,
      hash: 'ff'.repeat(32),
    },
  };
  expect(paxosMessageCodec.decode(paxosMessageCodec.encode(big))).toEqual(big);
});

test('a block that replaces a server comes back as it was, also without entries', () => {
  const change = { server: 'S4', disk: '00000000000000c4', address: 'host:4' };
  const [ballot, previous, hash] = [{ round: 7, server: 'S1' }, '00'.repeat(32), 'ff'.repeat(32)];
  const block = { height: 2, previous, ballot, entries: [], hash, change };
  const accept = { type: 'accept', ballot, height: 2, block } as const;
  expect(paxosMessageCodec.decode(paxosMessageCodec.encode(accept))).toEqual(accept);
});
