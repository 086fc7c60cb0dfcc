import { afterEach, expect, test } from '@jest/globals';
import type { Input } from '@synod/kernel';
import { Metrics } from '@synod/metrics';
import type { CounterProtocol } from '../testing/counter.js';
import { MessageTimes } from './message-times.js';

let now = 0;
const metrics = new Metrics({ server: 'S1', now: () => now });
afterEach(() => metrics.close());

const counted: Input<CounterProtocol> = { kind: 'deliver', from: 'S2', message: { type: 'counted', total: 1 } };

test('a message counts from its step to its release, in order, and other inputs do not count', () => {
  const times = new MessageTimes(metrics, () => now);
  times.stepped(0);
  times.stepped(10);
  times.stepped(20);
  now = 30;
  times.released(counted);
  times.released({ kind: 'wake' });
  now = 40;
  times.released(counted);
  times.stepped(50);
  now = 55;
  times.released(counted);
  const [figures, ...others] = metrics.report().methods;
  expect(others).toEqual([]);
  expect(figures).toMatchObject({ method: 'synod.peer.v1.PeerService/Counted', count: 3, failed: 0 });
  expect(figures?.totalMs).toBeCloseTo(30 + 20 + 5, 0);
});
