import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LedgerClient } from '@synod/client';
import type { TransferOutcome } from '@synod/ledger';
import { readTransactionFile } from '@synod/ledger/file';
import { StandInLedger } from '../testing/stand-in-ledger.js';
import { SetPlay } from './set-play.js';

let cluster: StandInLedger;
beforeEach(() => {
  cluster = new StandInLedger();
});
afterEach(() => {
  cluster.board.close();
  cluster.client.close();
});

/** The set of a file, whose fates are told to `told` as they are decided. */
function setOf(text: string, told: string[]): SetPlay {
  const { sets } = readTransactionFile(text, { servers: cluster.servers, accounts: cluster.homes });
  const decided = ({ transfer, fate }: { transfer: { id: string }; fate: string }, done: number, total: number) =>
    told.push(`${done} of ${total}: ${transfer.id} ${fate}`);
  return new SetPlay(cluster, sets[0]!, { short: 'queue', concurrent: false, prefix: '', observer: { decided } });
}

test('fates are told as the answers come, and kept in the order of the file', async () => {
  const answers = new Map<string, (outcome: TransferOutcome) => void>();
  const known = { spendable: 100n, pending: 0 };
  cluster.answers = {
    balance: async () => known,
    transfer: ({ id = '' }) => new Promise((resolve) => answers.set(id, resolve)),
  } as unknown as LedgerClient;
  cluster.down.add('S3');
  const told: string[] = [];
  const play = setOf('1,"(S1, S2, 5) ; (S3, S1, 5) ; (S2, S1, 5)","[S1, S2, S3]"', told);
  const playing = play.play();
  while (answers.size < 2) await turn();
  expect(told).toEqual(['1 of 3: 1-2 skipped']);
  const local = { status: 'local', reason: '', sequence: 1, height: 0 } as TransferOutcome;
  answers.get('1-3')!(local);
  await turn();
  expect(told).toEqual(['1 of 3: 1-2 skipped', '2 of 3: 1-3 local']);
  answers.get('1-1')!(local);
  await playing;
  expect(told.at(-1)).toBe('3 of 3: 1-1 local');
  expect(play.played.map(({ transfer }) => transfer.id)).toEqual(['1-1', '1-2', '1-3']);
});

test('an answer that fails before it is waited for fails the set, and nothing else', async () => {
  let asked = 0;
  cluster.answers = {
    balance: async () => {
      if (asked > 0) await turn(); // the failure comes while something else is waited for
      return { spendable: 100n, pending: 0 };
    },
    transfer: async () => {
      asked++;
      throw new Error('gone');
    },
  } as unknown as LedgerClient;
  await expect(setOf('1,"(S1, S2, 5) ; (S2, S1, 5)","[S1, S2, S3]"', []).play()).rejects.toThrow('gone');
});
