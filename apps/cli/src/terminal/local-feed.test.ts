import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Input, News } from '@synod/tui';
import type { Ending } from '../local-cluster/local-servers.js';
import type { PlayedTransfer } from '../play/fates.js';
import { LocalFeed } from './local-feed.js';

const played = (id: string, fate: PlayedTransfer['fate'], reason = ''): PlayedTransfer => ({
  transfer: { id, line: 1, from: 'S1', to: 'S2', amount: 5n },
  fate,
  reason,
  sequence: 0,
});
const row = (id: string, fate: string, reason = '') => ({ id, transfer: 'S1 → S2: 5', fate, reason });
const set = { name: '1', number: 1, live: ['S1', 'S2'], total: 2 };

/** A feed that has begun to deliver; what came, turn by turn. */
function begun(options: Partial<ConstructorParameters<typeof LocalFeed>[0]> = {}) {
  const turns: News[][] = [];
  const feed = new LocalFeed({ plan: undefined, processes: [], ...options });
  const stop = feed.start((inputs: readonly Input[]) => turns.push(inputs.map(({ news }) => news)));
  return { feed, turns, stop };
}

test('how far the file is, and each fate as it is told; what one turn tells comes at once', async () => {
  const { feed, turns } = begun({ plan: { source: 'f.csv', sets: 3 } });
  await turn();
  feed.setBegan(set);
  feed.decided(played('1-2', 'local'));
  await turn();
  feed.decided(played('1-1', 'skipped', 'S1, its home, has crashed'));
  feed.setEnded();
  await turn();
  expect(turns).toEqual([
    [{ type: 'plan', source: 'f.csv', sets: 3, begun: 0 }],
    [
      { type: 'plan', source: 'f.csv', sets: 3, begun: 1 },
      { type: 'set-began', set: '1', live: ['S1', 'S2'], total: 2 },
      { type: 'decided', row: row('1-2', 'local') },
    ],
    [{ type: 'decided', row: row('1-1', 'skipped', 'S1, its home, has crashed') }, { type: 'set-ended' }],
  ]);
});

test('a transfer that waited and was executed in its own set is told as it ended', async () => {
  const { feed, turns } = begun();
  feed.setBegan(set);
  feed.leftQueue(played('0-1', 'consensus'), false);
  feed.decided(played('1-1', 'pending', 'insufficient funds'));
  feed.decided(played('1-2', 'local'));
  await turn();
  feed.leftQueue(played('1-1', 'consensus'), true);
  feed.setEnded();
  await turn();
  expect(turns[1]).toEqual([
    { type: 'set-began', set: '1', live: ['S1', 'S2'], total: 2 },
    { type: 'decided', row: row('1-1', 'consensus') },
    { type: 'decided', row: row('1-2', 'local') },
    { type: 'late', row: row('0-1', 'consensus') },
    { type: 'set-ended' },
  ]);
});

test('processes that end, and why; nothing more once it is stopped', async () => {
  const listeners = new Set<(ending: Ending) => void>();
  const processes = {
    onEnd(listener: (ending: Ending) => void) {
      listener({ server: 'S1', reason: 'out of memory' });
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const { turns, stop } = begun({ processes: [processes] });
  for (const listener of listeners) listener({ server: 'S2', reason: 'killed (SIGKILL)' });
  await turn();
  expect(turns.flat()).toEqual([
    { type: 'reach', server: 'S1', reach: 'down', reason: 'out of memory' },
    { type: 'reach', server: 'S2', reach: 'down', reason: 'killed (SIGKILL)' },
  ]);
  stop();
  expect(listeners.size).toBe(0);
});
