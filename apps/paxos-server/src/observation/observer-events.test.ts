import { beforeEach, describe, expect, test } from '@jest/globals';
import { Effects, type Input } from '@synod/kernel';
import type { LedgerBlock, LedgerProtocol, OutcomeRecord } from '@synod/ledger';
import { paxosKeys } from '@synod/paxos';
import { EventLog } from '@synod/server';
import { CatchUpEvents } from './catch-up-events.js';
import { DecisionEvents } from './decision-events.js';
import { changeIn } from './report-changes.js';
import { RoundEvents } from './round-events.js';

type Message = LedgerProtocol['message'];

const ballot = { round: 3, server: 'S1' };
const higher = { round: 4, server: 'S2' };
const wake: Input<LedgerProtocol> = { kind: 'wake' };
const deliver = (message: Message, from = 'S2'): Input<LedgerProtocol> => ({ kind: 'deliver', from, message });
const sending = (...messages: Message[]): Effects<LedgerProtocol> => {
  const effects = new Effects<LedgerProtocol>();
  for (const message of messages) effects.toAll(['S1', 'S2', 'S3'], message);
  return effects;
};
const block = (by: Message['ballot']): LedgerBlock => ({
  height: 8,
  previous: 'p',
  ballot: by,
  entries: [],
  hash: 'h',
});
const persisting = (...records: LedgerProtocol['record'][]): Effects<LedgerProtocol> => {
  const effects = new Effects<LedgerProtocol>();
  for (const [i, record] of records.entries()) effects.put(`key ${i}`, record);
  return effects;
};

let events: EventLog;
beforeEach(() => {
  events = new EventLog('S1');
});
const told = (): string[] => events.last(100).map(({ level, message }) => `${level}: ${message}`);

describe('rounds', () => {
  const prepare: Message = { type: 'prepare', ballot, height: 8 };
  const start = 'info: round (3, S1) for block 8 starts';
  const nack = (of: Message['ballot']): Message => ({
    ...{ type: 'nack', ballot: of, height: 8, promised: higher },
    ...{ promisedFor: 8, committed: 7, blocks: [] },
  });

  test.each([
    [
      'committed',
      persisting({ kind: 'block', block: block(higher) }),
      deliver({ type: 'commit', ballot, height: 8, hash: 'h', next: undefined }),
    ],
    ['committed', persisting({ kind: 'block', block: block(ballot) }), wake],
    ['overtaken', persisting({ kind: 'missing', from: 3, to: 9, hash: 'h' }), wake],
    ['overtaken', persisting({ kind: 'block', block: block(higher) }), wake],
    ['empty', sending({ type: 'withdraw', ballot, height: 8 }), wake],
    ['refused for (4, S2)', sending(), deliver(nack(ballot))],
  ])('end %s', (how, output, input) => {
    const rounds = new RoundEvents(events);
    rounds.released(sending(prepare), wake);
    rounds.released(sending(prepare), wake); // sent again
    rounds.released(sending(), deliver(nack({ round: 2, server: 'S1' }))); // of an earlier round
    expect(told()).toEqual([start]);
    rounds.released(output, input);
    expect(told()).toEqual([start, `info: round (3, S1) for block 8 ends: ${how}`]);
    expect(rounds.isOpen).toBe(false);
  });

  test('that nothing tells the end of are over when the machine leads them no more', () => {
    const rounds = new RoundEvents(events);
    rounds.released(sending(prepare), wake);
    expect(rounds.checked(ballot)).toBe(false);
    expect(rounds.checked(undefined)).toBe(true);
    expect(rounds.checked(undefined)).toBe(false);
    expect(told()).toEqual([start, 'info: round (3, S1) for block 8 ends: unanswered']);
  });

  test('are given up when the next one starts', () => {
    const rounds = new RoundEvents(events);
    rounds.released(sending(prepare), wake);
    rounds.released(sending({ ...prepare, ballot: { round: 5, server: 'S1' } }), wake);
    expect(told().slice(1)).toEqual([
      'info: round (3, S1) for block 8 ends: given up',
      'info: round (5, S1) for block 8 starts',
    ]);
  });
});

describe('catching up', () => {
  const fetch: Message = { type: 'fetch', ballot, height: 4, entries: 0, whole: false };
  const page: Message = { type: 'blocks', ballot, height: 9, blocks: [] };
  const fetching = (to: string, from: number): Effects<LedgerProtocol> => {
    const effects = new Effects<LedgerProtocol>();
    effects.to(to, { ...fetch, height: from });
    return effects;
  };

  test('starts with the first fetch and ends with the page that needs no other', () => {
    const catchUp = new CatchUpEvents(events);
    catchUp.released(sending(), deliver(page));
    catchUp.released(fetching('S2', 4), wake);
    catchUp.released(fetching('S2', 7), deliver(page));
    catchUp.released(sending(), deliver(page));
    expect(told()).toEqual(['info: behind S2: fetching blocks from 4 on', 'info: caught up with S2 at block 9']);
  });

  test('a snapshot ends it, and its gap is told until it is filled', () => {
    const catchUp = new CatchUpEvents(events);
    const snapshot: Message = {
      type: 'snapshot',
      ballot,
      height: 9,
      hash: 'h',
      sequences: [],
      members: [],
      state: new Uint8Array(),
    };
    const history: Message = { type: 'history', ballot, height: 9, blocks: [] };
    const putting = (missing: LedgerProtocol['record'] | undefined): Effects<LedgerProtocol> => {
      const effects = new Effects<LedgerProtocol>();
      effects.put(paxosKeys.missing, missing);
      return effects;
    };
    catchUp.released(fetching('S2', 4), wake);
    catchUp.released(putting({ kind: 'missing', from: 4, to: 9, hash: 'h' }), deliver(snapshot));
    catchUp.released(putting({ kind: 'missing', from: 4, to: 6, hash: 'h' }), deliver(history));
    catchUp.released(putting(undefined), deliver(history));
    expect(told().slice(1)).toEqual([
      'info: caught up with S2 at block 9',
      'info: far behind S2: goes on from its snapshot of height 9, and fills in blocks from 4 on',
      'info: all blocks that the snapshot skipped are filled in',
    ]);
  });

  test('is interrupted when the link goes down', () => {
    const catchUp = new CatchUpEvents(events);
    catchUp.released(fetching('S2', 4), wake);
    catchUp.released(sending(), { kind: 'link', peer: 'S3', up: false });
    catchUp.released(sending(), { kind: 'link', peer: 'S2', up: false });
    catchUp.released(fetching('S3', 4), wake);
    expect(told().slice(1)).toEqual([
      'info: lost S2 while fetching blocks',
      'info: behind S3: fetching blocks from 4 on',
    ]);
  });
});

describe('decisions', () => {
  const outcome = (number: number, status: OutcomeRecord['status'], reason = ''): OutcomeRecord => ({
    ...{ kind: 'outcome', number, status, sequence: number, reason },
    transfer: { id: `t${number}`, from: 'S1', to: 'S2', amount: 5n },
  });

  test('are told when they are durable; what was executed locally only to those who want details', () => {
    const decisions = new DecisionEvents(events);
    decisions.released(persisting(outcome(1, 'local'), outcome(2, 'rejected', 'insufficient funds')));
    const stop = events.onEvent(() => {});
    decisions.released(
      persisting(outcome(3, 'local'), { kind: 'pending', number: 1, transfer: outcome(4, 'local').transfer }),
    );
    stop();
    expect(told()).toEqual([
      'info: S1 → S2: 5 rejected: insufficient funds',
      'debug: S1 → S2: 5 local',
      'info: S1 → S2: 5 pending',
    ]);
  });

  test('an old block that is filled in is no news', () => {
    new DecisionEvents(events).released(persisting({ kind: 'block', block: block(ballot) }));
    expect(told()).toEqual([]);
  });

  test('of a long queue at once are told as one', () => {
    const outcomes = Array.from({ length: 17 }, (_, i) => outcome(i + 1, 'consensus'));
    const head = { kind: 'head', height: 8, hash: 'h' } as const;
    new DecisionEvents(events).released(persisting({ kind: 'block', block: block(ballot) }, head, ...outcomes));
    expect(told()).toEqual([
      'info: block 8 of ballot (3, S1) committed, 0 transfers',
      'info: 17 transfers decided at once',
    ]);
  });
});

test.each([
  ['state', sending(), { kind: 'link', peer: 'S2', up: false } as const],
  ['state', persisting({ kind: 'block', block: block(ballot) }), wake],
  ['state', sending({ type: 'prepare', ballot, height: 8 }), wake],
  ['state', sending({ type: 'withdraw', ballot, height: 8 }), wake],
  ['figures', persisting({ kind: 'promised', ballot, height: 8 }), wake],
  [undefined, sending({ type: 'status', ballot, height: 8, hash: 'h' }), wake],
  [undefined, sending(), { kind: 'invoke', id: 1, command: { type: 'status' } } as const],
])('a step changes of the report: %s', (change, output, input) => {
  expect(changeIn(output, input)).toBe(change);
});
