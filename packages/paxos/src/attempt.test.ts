import { describe, expect, test } from '@jest/globals';
import type { NodeId } from '@synod/kernel';
import { Attempt } from './attempt.js';
import type { Ballot } from './ballot.js';
import { makeBlock, type Block } from './block.js';
import type { Promise } from './messages.js';
import { genesis, textCodec } from './testing/text-codec.js';

const ballot = { round: 9, server: 'S1' };

function attempt(promises: Record<NodeId, Partial<Promise<string>>>) {
  const members = ['S1', 'S2', 'S3', 'S4', 'S5'];
  const made = new Attempt<string>({ number: 1, ballot, height: 1, gather: undefined, members, now: 0, resendMs: 200 });
  for (const [from, fields] of Object.entries(promises)) {
    made.promises.set(from, {
      type: 'promise',
      ballot,
      height: 1,
      accepted: undefined,
      log: [],
      more: false,
      wants: false,
      ...fields,
    });
  }
  return made;
}

function accepted(
  round: number,
  server: NodeId,
  block: Block<string>,
): { accepted: { ballot: Ballot; block: Block<string> } } {
  return { accepted: { ballot: { round, server }, block } };
}

function log(owner: NodeId, from: number, ...values: string[]): Pick<Promise<string>, 'log'> {
  return { log: values.map((value, i) => ({ owner, sequence: from + i, value })) };
}

const block = (value: string) =>
  makeBlock(
    {
      height: 1,
      previous: genesis,
      ballot: { round: 1, server: 'S4' },
      entries: [{ owner: 'S4', sequence: 1, value }],
    },
    textCodec,
  );
const committed =
  (of: Record<NodeId, number> = {}) =>
  (owner: NodeId) =>
    of[owner] ?? 0;

describe('the value rule, P2c', () => {
  test('proposes the accepted block of the highest ballot, unchanged, and no log beside it', () => {
    const a = block('a');
    const b = block('b');
    const promises = {
      S1: log('S1', 1, 'x'),
      S2: accepted(2, 'S2', a),
      S3: accepted(2, 'S10', b),
      S4: accepted(1, 'S99', a),
    };
    expect(attempt(promises).chooseValue(committed())).toEqual({ kind: 'accepted', block: b });
  });

  test("counts the proposer's own promise like any other", () => {
    const own = block('own');
    const promises = { S1: accepted(3, 'S1', own), S2: accepted(2, 'S2', block('a')), S3: log('S3', 1, 'x') };
    expect(attempt(promises).chooseValue(committed())).toEqual({ kind: 'accepted', block: own });
  });

  test('otherwise gathers all logs, without what is committed, each entry once', () => {
    const promises = { S1: log('S1', 3, 'c', 'd'), S2: log('S2', 1, 'a', 'b'), S3: {} };
    expect(attempt(promises).chooseValue(committed({ S1: 2, S2: 1 }))).toEqual({
      kind: 'fresh',
      entries: [...log('S1', 3, 'c', 'd').log, ...log('S2', 2, 'b').log],
      more: false,
    });
  });

  test('says that a log holds more than its promise', () => {
    const promises = { S1: log('S1', 1, 'a'), S2: { ...log('S2', 1, 'b'), more: true } };
    expect(attempt(promises).chooseValue(committed())).toMatchObject({ kind: 'fresh', more: true });
  });

  test('never proposes an empty block', () => {
    expect(attempt({ S1: {}, S2: log('S2', 1, 'a'), S3: {} }).chooseValue(committed({ S2: 1 }))).toBeUndefined();
  });

  test.each([
    ['a gap', log('S2', 2, 'b')],
    ["another server's entry", log('S3', 1, 'b')],
  ])('a log with %s is a broken server', (_what, contributed) => {
    expect(() => attempt({ S2: contributed }).chooseValue(committed())).toThrow('invariant broken');
  });
});

describe('a reply counts only if ballot and height match the running phase', () => {
  test.each([
    ['it answers this attempt', 9, 'S1', 1, true],
    ['it answers an earlier attempt', 8, 'S1', 1, false],
    ["it answers another server's", 9, 'S2', 1, false],
    ['it answers another height', 9, 'S1', 2, false],
    ['it answers nothing: the default reply of a dead server', 0, '', 0, false],
  ])('%s', (_case, round, server, height, counts) => {
    expect(attempt({}).matches({ ballot: { round, server }, height })).toBe(counts);
  });
});

test('a phase is sent again after twice as long each time, up to eight times; the next phase begins anew', () => {
  const made = attempt({});
  const waits: number[] = [];
  for (let now = 0, i = 0; i < 6; i++) {
    waits.push(made.resendAt - now);
    now = made.resendAt;
    made.resent(now);
  }
  expect(waits).toEqual([200, 400, 800, 1600, 1600, 1600]);
  made.sent(10_000);
  expect(made.resendAt).toBe(10_200);
});
