/**
 * What a server did, how often and how fast: figures for people, text for Prometheus.
 *
 * @packageDocumentation
 */
export type { DelayGauge } from './loop-delay.js';
export { Metrics, type MetricsOptions, type ReportOptions } from './metrics.js';
export { PROMETHEUS_CONTENT_TYPE } from './prometheus.js';
export { Times, type RecordedTimes } from './times.js';
