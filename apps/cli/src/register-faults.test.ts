import { expect, test } from '@jest/globals';
import { connect } from '@synod/client';
import { checkHistory, checkTags } from '@synod/linearizability';
import { clientSubject } from './record/client-subject.js';
import { faultClassNames } from './nemesis/fault.js';
import { FaultyServers } from './nemesis/faulty-servers.js';
import { record } from './record/recording.js';
import { renderSummary } from './record/render-summary.js';
import { summarise } from './record/summary.js';
import { temporaryRegisters } from './record/temporary-registers.js';
import { beatMs, Heartbeat, longestStandstill } from './testing/heartbeat.js';
import { MemoryHistory } from './testing/memory-history.js';
import { serverSubject } from './record/server-subject.js';

/** `SECONDS=600 SEED=7 npm run soak`. */
const isSoak = process.env['npm_lifecycle_event'] === 'soak';
const seconds = Number(process.env['SECONDS'] ?? (isSoak ? 60 : 10));
const seed = Number(process.env['SEED'] ?? 20_260_101);

/**
 * While a majority is up some operation is completed in every two seconds. They are counted in beats of this process,
 * which stands still when the machine does, and a busy machine has this much more.
 */
const mostBeats = 2000 / beatMs;
const margin = 3;

/** Between two changes. */
const betweenMs = [50, 1000] as const;

const clusters = [
  { servers: 3, mayTakeMajority: false },
  { servers: 5, mayTakeMajority: false },
  ...(isSoak ? [{ servers: 3, mayTakeMajority: true }] : []),
];

test.each(clusters)(
  `registers on real servers stay linearizable while they are killed, paused, silenced, cut off and lose their disks (SEED=${seed}): %j`,
  async ({ servers: count, mayTakeMajority }) => {
    const { local, keys, close } = await temporaryRegisters({ servers: count, keys: 5 });
    const { config, servers } = local;
    const breakable = new FaultyServers({ local, lostDisk: 'recovers', seed });
    const clients = Array.from({ length: 4 }, () => connect({ servers: config.servers, timeoutMs: 3000 }));
    const heart = new Heartbeat();
    try {
      const subjects = [
        ...clients.map((client) => clientSubject(client, 'register')),
        ...servers.map((server) => serverSubject(local, server)),
      ];
      const output = new MemoryHistory();
      const nemesis = {
        breakable,
        classes: faultClassNames,
        replicaSets: [servers],
        mayTakeMajority,
        betweenMs,
      };
      const signal = AbortSignal.timeout(seconds * 1000);
      const recording = record({ subjects, clients: 16, keys, readShare: 0.5, seed, signal, output, nemesis });
      const faults = await Promise.race([recording, breakable.failed]);
      const { history } = output;
      const summary = summarise(history, faults);
      const standstill = longestStandstill(history, heart.beats, { faults, servers });
      console.log([`SEED=${seed}, ${count} servers`, ...renderSummary(summary), `  beats: ${standstill}`].join('\n'));

      expect(checkHistory(history).keys.map(({ key, explanation }) => key + explanation)).toEqual(keys);
      expect(checkTags(history).violations.map(({ key, explanation }) => key + explanation)).toEqual([]);
      expect(standstill).toBeLessThanOrEqual(mostBeats * margin);
      expect(faults.length).toBeGreaterThan(0);
      for (const { reads, writes } of summary.keys) {
        expect(reads.ok).toBeGreaterThan(0);
        expect(writes.ok).toBeGreaterThan(0);
      }
      const last = history.slice(-keys.length);
      expect(last.map(({ f, outcome }) => `${f} ${outcome}`)).toEqual(keys.map(() => 'read ok'));
    } finally {
      heart.stop();
      for (const client of clients) client.close();
      await close();
    }
  },
  (seconds + 120) * 1000,
);
