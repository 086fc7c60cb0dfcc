import type { EventLevel, PerformanceReport, ServerEvent } from '@synod/kernel';
import { required } from '../codec/wire-checks.js';
import * as wire from '../gen/synod/node/v1/node_service.js';

/*
 * What every server measures and tells. Types that look the same on both sides only need a check that they are there.
 * Readers throw `SynodError` `invalid_argument`.
 */

export function writePerformance({ methods, requests, ...rest }: PerformanceReport): wire.PerformanceReport {
  return { ...rest, methods: [...methods], requests: { ...requests, recent: [...requests.recent] } };
}

export function readPerformance(from: wire.PerformanceReport | undefined): PerformanceReport {
  const { requests, writes, ...rest } = required(from, 'report');
  return { ...rest, requests: required(requests, 'report.requests'), writes: required(writes, 'report.writes') };
}

export function writeEvent(event: ServerEvent): wire.ServerEvent {
  return { ...event, level: wireLevel[event.level], fields: { ...event.fields } };
}

export function readEvent(event: wire.ServerEvent): ServerEvent {
  return { ...event, level: levels.find((level) => wireLevel[level] === event.level) ?? 'info' };
}

const levels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly EventLevel[];
const wireLevel: Readonly<Record<EventLevel, wire.EventLevel>> = {
  debug: wire.EventLevel.DEBUG,
  info: wire.EventLevel.INFO,
  warn: wire.EventLevel.WARN,
  error: wire.EventLevel.ERROR,
};
