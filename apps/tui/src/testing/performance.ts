import type { NodeId, PerformanceReport } from '@synod/kernel';

const method = (name: string, count: number, failed: number, meanMs: number) => {
  return {
    method: `synod.ledger.v1.LedgerService/${name}`,
    count,
    failed,
    totalMs: count * meanMs,
    meanMs,
    p50Ms: meanMs * 0.8,
    p99Ms: meanMs * 9,
  };
};

export function performanceOf(server: NodeId): PerformanceReport {
  const recent = [0.3, 0.4, 0.42, 0.5, 0.9, 1.2, 1.4, 3, 12, 14].map((ms, i) => ({
    id: `1-${i + 1}`,
    status: ms > 10 ? 'consensus' : 'local',
    ms,
  }));
  return {
    server,
    methods: [
      method('Transfer', 1_204, 3, 0.5),
      method('Status', 20, 0, 0.1),
      method('Blocks', 0, 0, 0),
      method('BalanceMap', 7, 0, 0.2),
    ],
    requests: { count: 1_204, meanMs: 1.1, p50Ms: 0.4, p99Ms: 13.2, perSecond: 42.5, recent },
    writes: { count: 900, p50Ms: 0.31, p99Ms: 2.04 },
    loopDelayMs: 1.2,
  };
}
