import { describe, expect, test } from '@jest/globals';
import { makeBlock } from '@synod/paxos';
import { LedgerAudit, type Holdings } from './ledger-audit.js';
import type { LedgerBlock } from './protocol.js';
import { genesis } from './simulation/simulated-bank.js';
import { transfer } from './testing/lone-home.js';
import { transferCodec, type LoggedTransfer } from './transfer.js';

const accounts = ['S1', 'S2', 'S3'].map((id) => ({ id, home: id, initial: 100n }));

function entry(owner: string, sequence: number, id: string, what: string, from = owner): LoggedTransfer {
  return { owner, sequence, value: transfer(id, what, from) };
}

/** A block above another. */
function block(below: LedgerBlock | undefined, ...entries: LoggedTransfer[]): LedgerBlock {
  const height = (below?.height ?? 0) + 1;
  const previous = below?.hash ?? genesis;
  return makeBlock({ height, previous, ballot: { round: 1, server: 'S1' }, entries }, transferCodec);
}

const a = entry('S1', 1, 'a', '60 to S2');
const first = block(undefined, a);
const second = block(first, entry('S2', 1, 'b', '150 to S3'));

/** S1 at a height, with a log, saying these balances. */
function holding(height: number, log: LoggedTransfer[], ...balances: bigint[]): Map<string, Holdings> {
  return new Map([['S1', { height, log, balances: new Map(balances.map((balance, i) => [`S${i + 1}`, balance])) }]]);
}

describe('a ledger that is in order', () => {
  test('has nothing to complain about, whoever tells what first', () => {
    const audit = new LedgerAudit(accounts);
    audit.acknowledged(a);
    audit.refused(transfer('r', '500 to S2'));
    audit.committed('S2', first);
    audit.committed('S2', second);
    audit.committed('S1', first);
    audit.logged(a);
    const later = entry('S1', 2, 'c', '40 to S2');
    audit.acknowledged(later);
    audit.acknowledged(entry('S3', 1, 'lost', '1 to S1'));
    audit.ended(new Map([...holding(1, [later], 0n, 160n, 100n), ['S3', undefined]]));
    expect(audit.problems).toEqual([]);
    expect(audit.chain).toEqual([first, second]);
    expect(audit.committedSequence('S1')).toBe(1);
  });
});

describe.each<[string, (audit: LedgerAudit) => void, string]>([
  [
    'two chains',
    (audit) => {
      audit.committed('S1', first);
      audit.committed('S2', block(undefined, entry('S2', 1, 'b', '1 to S3')));
    },
    'S2 holds another block at height 1',
  ],
  ['a gap between blocks', (audit) => audit.committed('S1', second), "S1's block 2 does not continue the chain of 0"],
  [
    'a block on another one',
    (audit) => {
      audit.committed('S1', first);
      audit.committed('S1', { ...second, previous: 'ff' });
    },
    "S1's block 2 does not continue the chain of 1",
  ],
  [
    'a balance below 0 inside a block, though the block makes up for it',
    (audit) =>
      audit.committed('S1', block(undefined, entry('S1', 1, 'a', '101 to S2'), entry('S2', 1, 'b', '9 to S1'))),
    'a (S1 → S2: 101) in block 1 leaves S1 with -1',
  ],
  [
    'a number left out',
    (audit) => audit.committed('S1', block(undefined, entry('S1', 2, 'a', '1 to S2'))),
    'block 1 holds entry 2 of S1 after 0',
  ],
  [
    'an entry in two blocks',
    (audit) => {
      audit.committed('S1', first);
      audit.committed('S1', block(first, a));
    },
    'block 2 holds entry 1 of S1 after 1',
  ],
  [
    'money paid to nobody',
    (audit) => audit.committed('S1', block(undefined, entry('S1', 1, 'a', '1 to S9'))),
    'the sum of all balances changes with block 1',
  ],
  [
    'money spent by a stranger',
    (audit) => audit.committed('S1', block(undefined, entry('S2', 1, 'a', '1 to S2', 'S1'))),
    'S2 is not the home of S1',
  ],
  [
    'a number used twice',
    (audit) => {
      audit.logged(a);
      audit.logged(entry('S1', 1, 'b', '60 to S2'));
    },
    'S1/1 is b (S1 → S2: 60), and was a (S1 → S2: 60) before',
  ],
  [
    'a transfer executed twice',
    (audit) => {
      audit.logged(a);
      audit.logged({ ...a, sequence: 2 });
    },
    'a (S1 → S2: 60) is both S1/1 and S1/2',
  ],
  [
    'a refused transfer that is executed',
    (audit) => {
      audit.refused(a.value);
      audit.committed('S1', first);
    },
    'a (S1 → S2: 60) was refused, and is executed as S1/1',
  ],
  [
    'an executed transfer that is refused',
    (audit) => {
      audit.logged(a);
      audit.refused(a.value);
    },
    'a (S1 → S2: 60) is executed as S1/1, and is refused',
  ],
  [
    'an acknowledged transfer that is gone',
    (audit) => {
      audit.acknowledged(a);
      audit.ended(holding(0, [], 100n, 100n, 100n));
    },
    'a (S1 → S2: 60) was acknowledged, and is in no block and not in the log of S1',
  ],
  [
    'a height without its blocks',
    (audit) => audit.ended(holding(1, [], 100n, 100n, 100n)),
    'S1 stands at 1, above every block shown',
  ],
  [
    'a log with a gap',
    (audit) => audit.ended(holding(0, [{ ...a, sequence: 2 }], 40n, 100n, 100n)),
    "S1's log holds 2 where 1 belongs",
  ],
  [
    'a log that overdraws',
    (audit) => audit.ended(holding(0, [a, entry('S1', 2, 'b', '60 to S2')], -20n, 100n, 100n)),
    "S1's log overdraws S1 by 20",
  ],
  [
    'a wrong balance',
    (audit) => {
      audit.committed('S1', first);
      audit.ended(holding(1, [], 40n, 100n, 100n));
    },
    'S1 says that S2 holds 100, and it is 160',
  ],
])('%s', (_, happens, problem) => {
  test('comes to light', () => {
    const audit = new LedgerAudit(accounts);
    happens(audit);
    expect(audit.problems).toContain(problem);
  });
});
