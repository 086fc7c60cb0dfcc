import { expect, test } from '@jest/globals';
import { RegisterCluster } from './simulation/register-cluster.js';
import { nodesUpTo } from '@synod/simulator';
import { text } from './testing/notation.js';

test('what a node has confirmed rises by timestamp, and each value is seen once', () => {
  const seen: string[] = [];
  const onConfirmed = (node: string) => (key: string, cell: { counter: number; value: Uint8Array | undefined }) =>
    void (node === 'S1' && seen.push(`${key} ${cell.counter} ${text(cell.value)}`));
  const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3), onConfirmed });
  cluster.ask('S1', 'any', 'read');
  cluster.ask('S1', 'any', 'write');
  cluster.ask('S1', 'any', 'read');
  cluster.ask('S2', 'any', 'write');
  cluster.ask('S3', 'any', 'write');
  cluster.ask('S1', 'any', 'read');
  cluster.ask('S1', 'one', 'write');
  expect(seen).toEqual(['any 1 S1#1', 'any 3 S3#3', 'one 1 S1#4']);
});

test('a slower round that ends later confirms nothing older', () => {
  const seen: number[] = [];
  const onConfirmed = (node: string) => (_key: string, cell: { counter: number }) =>
    void (node === 'S1' && seen.push(cell.counter));
  const cluster = new RegisterCluster({
    seed: 1,
    nodes: nodesUpTo(3),
    onConfirmed,
    network: { delayMs: [1, 100], reordering: 1 },
  });
  for (let i = 0; i < 200; i++) {
    cluster.simulation.after(i * 20, () => (i % 2 ? cluster.read('S1', 'any') : cluster.write('S1', 'any')));
  }
  cluster.simulation.run({ for: 5000 });
  expect(seen.length).toBeGreaterThan(20);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
});
