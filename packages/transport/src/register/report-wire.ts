import { required } from '../codec/wire-checks.js';
import * as wire from '../gen/synod/register/v1/register_service.js';
import type { RegisterLayout } from './register-layout.js';
import type { RegisterReport, SilenceReport } from './register-report.js';

/* What nodes that hold registers tell about themselves. Readers throw `SynodError` `invalid_argument`. */

export function writeReport({ peers, silences, performance, ...rest }: RegisterReport): wire.RegisterReport {
  const { writes, ...figures } = performance;
  return {
    ...rest,
    ...figures,
    peers: [...peers],
    silences: silences.map(({ key = '', phase, active }) => ({ key, phase: wirePhase(phase), active })),
    writes: writes.count,
    writeP50Ms: writes.p50Ms,
    writeP99Ms: writes.p99Ms,
  };
}

export function readReport(from: wire.RegisterReport | undefined): RegisterReport {
  const { silences, operationsPerSecond, p50Ms, p99Ms, writes, writeP50Ms, writeP99Ms, loopDelayMs, ...rest } =
    required(from, 'report');
  return {
    ...rest,
    silences: silences.map(({ key, phase, active }) => ({ key: key || undefined, phase: readPhase(phase), active })),
    performance: {
      operationsPerSecond,
      p50Ms,
      p99Ms,
      writes: { count: writes, p50Ms: writeP50Ms, p99Ms: writeP99Ms },
      loopDelayMs,
    },
  };
}

export function writeLayout({ nodes, registers, tokens }: RegisterLayout): wire.LayoutResponse {
  return {
    nodes: [...nodes],
    registers: registers.map(({ key, writer, replicas }) => ({ key, writer, replicas: [...replicas] })),
    tokens: tokens.map(({ id, writer, replicas }) => ({ id, writer, replicas: [...replicas] })),
  };
}

function wirePhase(phase: SilenceReport['phase']): wire.Phase {
  if (phase === undefined) return wire.Phase.UNSPECIFIED;
  return phase === 'read' ? wire.Phase.READ : wire.Phase.WRITE;
}

function readPhase(phase: wire.Phase): SilenceReport['phase'] {
  if (phase === wire.Phase.READ) return 'read';
  return phase === wire.Phase.WRITE ? 'write' : undefined;
}
