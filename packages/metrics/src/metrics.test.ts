import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { Metrics, PROMETHEUS_CONTENT_TYPE } from './index.js';

let now: number;
let closed: number;
let metrics: Metrics;

function start(keepRequests?: number): Metrics {
  const loopDelay = { p99Ms: 1.5, close: () => void closed++ };
  return new Metrics({ server: 'S1', now: () => now, keepRequests, loopDelay });
}

beforeEach(() => {
  now = 5_000;
  closed = 0;
  metrics = start();
});
afterEach(() => metrics.close());

test('before anything happens all figures are 0', () => {
  expect(metrics.report()).toEqual({
    server: 'S1',
    methods: [],
    requests: { count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, perSecond: 0, recent: [] },
    writes: { count: 0, p50Ms: 0, p99Ms: 0 },
    loopDelayMs: 1.5,
  });
});

test('calls are counted by method, failures among them, in order of the names', () => {
  for (let i = 1; i <= 100; i++) metrics.called('synod.ledger.v1.Ledger/Transfer', i / 100, i % 10 !== 0);
  metrics.called('synod.ledger.v1.Ledger/Balance', 0.25, true);
  const [balance, transfer] = metrics.report().methods;
  expect(balance).toEqual({
    method: 'synod.ledger.v1.Ledger/Balance',
    count: 1,
    failed: 0,
    totalMs: 0.25,
    meanMs: 0.25,
    p50Ms: 0.25,
    p99Ms: 0.25,
  });
  expect(transfer).toEqual({
    method: 'synod.ledger.v1.Ledger/Transfer',
    count: 100,
    failed: 10,
    totalMs: expect.closeTo(50.5, 9),
    meanMs: expect.closeTo(0.505, 9),
    p50Ms: 0.5,
    p99Ms: 0.99,
  });
});

test('quantiles are right to three digits from a microsecond to an hour', () => {
  for (const ms of [0.001, 1, 1234.5, 3_600_000]) {
    const single = start();
    single.called('m', ms, true);
    const { p50Ms, p99Ms } = single.report().methods[0]!;
    expect(Math.abs(p50Ms / ms - 1)).toBeLessThan(0.001);
    expect(p99Ms).toBe(p50Ms);
  }
});

test('requests are counted and timed, and the last 20 are listed oldest first', () => {
  for (let i = 1; i <= 25; i++) metrics.decided(`1-${i}`, i % 2 ? 'local' : 'consensus', i / 10);
  const { count, meanMs, p50Ms, p99Ms, recent } = metrics.report().requests;
  expect({ count, meanMs, p50Ms, p99Ms }).toEqual({
    count: 25,
    meanMs: expect.closeTo(1.3, 9),
    p50Ms: 1.3,
    p99Ms: 2.501,
  });
  expect(recent).toHaveLength(20);
  expect(recent[0]).toEqual({ id: '1-6', status: 'consensus', ms: 0.6 });
  expect(recent[19]).toEqual({ id: '1-25', status: 'local', ms: 2.5 });
});

test('as many requests are listed as asked for and kept', () => {
  const small = start(3);
  small.decided('1', 'local', 1);
  small.decided('2', 'local', 1);
  const listed = (recent: number) => small.report({ recent }).requests.recent.map(({ id }) => id);
  expect(listed(10)).toEqual(['1', '2']);
  for (const id of ['3', '4', '5']) small.decided(id, 'local', 1);
  expect(listed(10)).toEqual(['3', '4', '5']);
  expect(listed(2)).toEqual(['4', '5']);
  expect(listed(0)).toEqual([]);
});

test('the rate is that of the last ten seconds, or of the time since the start', () => {
  const rate = () => metrics.report().requests.perSecond;
  for (let i = 0; i < 30; i++) metrics.decided(`a${i}`, 'local', 1);
  expect(rate()).toBe(30);
  now += 4_000;
  expect(rate()).toBe(7.5);
  for (let i = 0; i < 10; i++) metrics.decided(`b${i}`, 'local', 1);
  now += 5_900;
  expect(rate()).toBeCloseTo(40 / 9.9, 9);
  now += 100;
  expect(rate()).toBe(1);
  now += 3_900;
  expect(rate()).toBe(1);
  now += 100;
  expect(rate()).toBe(0);
  now += 1_000_000;
  metrics.decided('c', 'local', 1);
  expect(rate()).toBe(0.1);
});

test('durable writes are counted and timed', () => {
  metrics.written(10, 0.5);
  metrics.written(1, 0.5);
  metrics.written(1, 2);
  expect(metrics.report().writes).toEqual({ count: 3, p50Ms: 0.5, p99Ms: 2 });
});

test('Prometheus gets the same figures, in seconds', async () => {
  metrics.called('L/Transfer', 2, true);
  metrics.called('L/Transfer', 1, false);
  metrics.decided('1', 'local', 1);
  metrics.decided('2', 'pending', 2);
  metrics.decided('3', 'local', 1);
  metrics.written(5, 0.25);
  metrics.written(7, 0.25);
  const text = await metrics.prometheus();
  expect(text.split('\n').filter((line) => line && !line.startsWith('#'))).toEqual([
    'synod_calls_total{method="L/Transfer",server="S1"} 2',
    'synod_call_failures_total{method="L/Transfer",server="S1"} 1',
    'synod_call_seconds_total{method="L/Transfer",server="S1"} 0.003',
    'synod_call_seconds{method="L/Transfer",quantile="0.5",server="S1"} 0.001',
    'synod_call_seconds{method="L/Transfer",quantile="0.99",server="S1"} 0.002',
    'synod_requests_total{status="local",server="S1"} 2',
    'synod_requests_total{status="pending",server="S1"} 1',
    'synod_request_seconds{quantile="0.5",server="S1"} 0.001',
    'synod_request_seconds{quantile="0.99",server="S1"} 0.002',
    'synod_requests_per_second{server="S1"} 3',
    'synod_writes_total{server="S1"} 2',
    'synod_write_puts_total{server="S1"} 12',
    'synod_write_seconds{quantile="0.5",server="S1"} 0.00025',
    'synod_write_seconds{quantile="0.99",server="S1"} 0.00025',
    'synod_loop_delay_seconds{server="S1"} 0.0015',
  ]);
  expect(await metrics.prometheus()).toBe(text);
  expect(PROMETHEUS_CONTENT_TYPE).toBe(Registry.PROMETHEUS_CONTENT_TYPE);
});

test('closing stops the watch on the event loop', () => {
  metrics.close();
  expect(closed).toBe(1);
});
