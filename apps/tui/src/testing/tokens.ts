import type { NodeId } from '@synod/kernel';
import type { RegisterLayout, RegisterReport } from '@synod/client';
import type { News } from '../model/input.js';
import { emptyModel, type Model } from '../model/model.js';
import type { NodeCell } from '../model/node-cell.js';
import { after } from './bank.js';

const nodes = ['S1', 'S2', 'S3'] as const;

export const layout: RegisterLayout = {
  nodes: nodes.map((id, i) => ({ id, address: `127.0.0.1:${6001 + i}` })),
  registers: [
    { key: 'config/*', writer: 'any', replicas: ['S1', 'S2', 'S3'] },
    { key: 'c*', writer: 'S1', replicas: ['S1'] },
  ],
  tokens: [
    { id: 't2', writer: 'S1', replicas: ['S1', 'S2', 'S3'] },
    { id: 't10', writer: 'S2', replicas: ['S2', 'S3'] },
  ],
};

export function cell(
  key: string,
  tag: readonly [number, string],
  value: string | undefined = `value of ${key}`,
): NodeCell {
  return { key, token: key.startsWith('token/') ? key.slice('token/'.length) : undefined, tag, value };
}

export function nodeReport(node: NodeId, changes: Partial<RegisterReport> = {}): News {
  return {
    type: 'register-report',
    report: {
      node,
      ready: true,
      recovering: false,
      cells: 3,
      active: 0,
      peers: nodes.filter((other) => other !== node).map((other) => ({ node: other, linked: true, knowsThis: true })),
      silences: [],
      performance: {
        operationsPerSecond: 1_234.5,
        p50Ms: 0.8,
        p99Ms: 3.2,
        writes: { count: 40, p50Ms: 0.3, p99Ms: 1.9 },
        loopDelayMs: 0.6,
      },
      ...changes,
    },
  };
}

/** Three nodes: t2 is written and S3 is behind, S2 is silent about it in the read phase; t10 was never written. */
export function tokenCluster(): Model {
  const value = 'abc [1, 5, 10)  partial x=4 hash 2207634929195471568';
  return after(
    emptyModel,
    { type: 'cluster', cluster: 'tokens', servers: layout.nodes },
    nodeReport('S1'),
    nodeReport('S2', { silences: [{ key: 'token/t2', phase: 'read', active: true }], active: 2 }),
    nodeReport('S3', {
      peers: [
        { node: 'S1', linked: true, knowsThis: true },
        { node: 'S2', linked: false, knowsThis: true },
      ],
    }),
    { type: 'layout', layout },
    { type: 'cells', server: 'S1', cells: [cell('token/t2', [3, 'S1'], value), cell('config/a', [4, 'S1'])] },
    { type: 'cells', server: 'S2', cells: [cell('token/t2', [3, 'S1'], value), cell('config/a', [4, 'S1'])] },
    {
      type: 'cells',
      server: 'S3',
      cells: [
        cell('token/t2', [2, 'S1'], 'abc [1, 3, 10)'),
        cell('config/a', [4, 'S1']),
        { ...cell('config/b', [1, 'S3']), value: undefined },
      ],
    },
  );
}
