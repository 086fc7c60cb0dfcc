import { describe, expect, test } from '@jest/globals';
import { Effects } from '@synod/kernel';
import { Acceptor } from './acceptor.js';
import { makeBlock } from './block.js';
import type { LogProtocol } from './replicated-log.js';
import { genesis, textCodec } from './testing/text-codec.js';

const low = { round: 1, server: 'S1' };
const same = { round: 1, server: 'S2' };
const high = { round: 2, server: 'S1' };

function blockOf(value: string, height = 1) {
  return makeBlock(
    { height, previous: genesis, ballot: low, entries: [{ owner: 'S1', sequence: height, value }] },
    textCodec,
  );
}

function setup() {
  const acceptor = new Acceptor<string>();
  const act = (step: (effects: Effects<LogProtocol<string>>) => boolean | void) => {
    const effects = new Effects<LogProtocol<string>>();
    const answer = step(effects);
    return { answer, persisted: effects.persist.map(({ key, value }) => [key.replace('state/paxos/', ''), value]) };
  };
  return {
    acceptor,
    prepare: (ballot = low, height = 1) =>
      act((effects) => acceptor.prepare({ type: 'prepare', ballot, height }, effects)),
    accept: (ballot = low, block = blockOf('a')) =>
      act((effects) => acceptor.accept({ type: 'accept', ballot, height: block.height, block }, effects)),
    forget: () => act((effects) => acceptor.forget(effects)),
  };
}

describe('phase 1: promises a ballot only if it is greater than any promised before', () => {
  const table: [string, typeof low, typeof low, boolean][] = [
    ['a greater round', low, high, true],
    ['the same round of a greater server', low, same, true],
    ['the same round of a lesser server', same, low, false],
    ['a lesser round', high, same, false],
  ];
  test.each(table)('%s', (_case, first, second, promised) => {
    const { acceptor, prepare } = setup();
    expect(prepare(first).answer).toBe(true);
    expect(prepare(second).answer).toBe(promised);
    expect(acceptor.promised).toEqual(promised ? second : first);
  });

  test('a promise is part of the step that answers, so that it is durable first', () => {
    expect(setup().prepare(high, 4).persisted).toEqual([['promised', { kind: 'promised', ballot: high, height: 4 }]]);
  });

  test('the same Prepare sent again is promised again, and changes nothing', () => {
    const { prepare } = setup();
    prepare();
    expect(prepare()).toEqual({ answer: true, persisted: [] });
  });

  test('one ballot is promised for one height only', () => {
    const { prepare } = setup();
    prepare(low, 1);
    expect(prepare(low, 2).answer).toBe(false);
  });

  test('a promise does not touch what is accepted', () => {
    const { acceptor, accept, prepare } = setup();
    accept();
    expect(prepare(high).persisted.map(([key]) => key)).toEqual(['promised']);
    expect(acceptor.accepted).toEqual({ ballot: low, block: blockOf('a') });
  });
});

describe('phase 2: accepts unless a greater ballot was promised', () => {
  test.each([
    ['the promised ballot', same, true],
    ['a greater one, never prepared here', high, true],
    ['a lesser one', low, false],
  ])('%s', (_case, ballot, accepted) => {
    const { acceptor, prepare, accept } = setup();
    prepare(same);
    expect(accept(ballot).answer).toBe(accepted);
    expect(acceptor.accepted?.ballot).toEqual(accepted ? ballot : undefined);
  });

  test('raises the promise to the accepted ballot in the same durable write', () => {
    const { acceptor, accept, prepare } = setup();
    expect(accept(high).persisted).toEqual([
      ['promised', { kind: 'promised', ballot: high, height: 1 }],
      ['accepted', { kind: 'accepted', ballot: high, block: blockOf('a') }],
    ]);
    expect(acceptor.promised).toEqual(high);
    expect(prepare(same).answer).toBe(false);
  });

  test('a greater ballot replaces what is accepted', () => {
    const { acceptor, accept } = setup();
    accept(low, blockOf('a'));
    accept(high, blockOf('b'));
    expect(acceptor.accepted).toEqual({ ballot: high, block: blockOf('b') });
  });

  test('the same Accept sent again is accepted again, and changes nothing', () => {
    const { accept } = setup();
    accept();
    expect(accept()).toEqual({ answer: true, persisted: [] });
  });

  test('two blocks under one ballot are a broken proposer', () => {
    const { accept } = setup();
    accept(low, blockOf('a'));
    expect(() => accept(low, blockOf('b'))).toThrow('two blocks under ballot (1, S1)');
  });
});

describe('when the height commits', () => {
  test('what was accepted for it is forgotten, the promise is kept', () => {
    const { acceptor, prepare, accept, forget } = setup();
    accept(high);
    expect(forget().persisted).toEqual([['accepted', undefined]]);
    expect(acceptor.accepted).toBeUndefined();
    expect(acceptor.promised).toEqual(high);
    expect(prepare(low, 2).answer).toBe(false);
  });

  test('with nothing accepted there is nothing to forget', () => {
    expect(setup().forget().persisted).toEqual([]);
  });
});

test('goes on after a crash from what it made durable', () => {
  const { acceptor, prepare, accept } = setup();
  acceptor.recoverPromise(same, 1);
  acceptor.recoverAccepted(low, blockOf('a'));
  expect(prepare(low).answer).toBe(false);
  expect(accept(low).answer).toBe(false);
  expect(acceptor.accepted).toEqual({ ballot: low, block: blockOf('a') });
});
