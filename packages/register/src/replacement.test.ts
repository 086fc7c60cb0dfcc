// What the argument of docs/registers.md claims about disks that replace others, with whole clusters.
import { describe, expect, test } from '@jest/globals';
import { nodesUpTo } from '@synod/simulator';
import type { RegisterResult } from './protocol.js';
import { RegisterCluster } from './simulation/register-cluster.js';
import { sparePlace } from './simulation/place.js';
import { text } from './testing/notation.js';

function valueOf(result: RegisterResult): string {
  expect(result.type).toBe('value');
  return text(result.type === 'value' ? result.value : undefined);
}

function replaceAndWait(cluster: RegisterCluster, node: string, former: 'gone' | 'back'): void {
  expect(cluster.replace(node, former)).toBe(true);
  untilReplaced(cluster);
}

function untilReplaced(cluster: RegisterCluster): void {
  cluster.simulation.runUntil(() => cluster.answers.replaced === 1, { within: 3000, goal: 'the replacement' });
}

/** All choices of `count` of these. */
function choices<T>(of: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return of.flatMap((first, i) => choices(of.slice(i + 1), count - 1).map((rest) => [first, ...rest]));
}

describe.each([2, 3, 4, 5])('of %i nodes one is replaced', (count) => {
  test('while the others answer, and is a replica like them then', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(count) });
    cluster.ask('S1', 'one', 'write');
    cluster.ask('S2', 'any', 'write');
    replaceAndWait(cluster, 'S2', 'gone');
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#1');
    cluster.settle();
  });

  test('that comes back with its former disk: it ends, whatever it was doing', () => {
    const nodes = nodesUpTo(count);
    const cluster = new RegisterCluster({ seed: 1, nodes, spares: ['S2'] });
    cluster.ask('S2', 'any', 'write');
    cluster.simulation.partition([['S2'], [...nodes.filter((node) => node !== 'S2'), sparePlace('S2')]]);
    replaceAndWait(cluster, 'S2', 'back');
    expect(cluster.simulation.isUp('S2')).toBe(true);
    cluster.simulation.invoke('S2', { type: 'read', key: 'any' }, ({ type }) => expect(type).toBe('error'));
    cluster.simulation.heal();
    cluster.simulation.runUntil(() => !cluster.simulation.isUp('S2'), { within: 1000 });
    cluster.settle();
  });

  test('again, and another one, and all of them one after the other', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(count) });
    for (const node of cluster.nodes) cluster.ask(node, 'any', 'write');
    const last = cluster.ask('S1', 'any', 'read');
    for (const [i, node] of ['S1', ...cluster.nodes].entries()) {
      cluster.replace(node, 'gone');
      cluster.simulation.runUntil(() => cluster.answers.replaced === i + 1, { within: 3000 });
    }
    for (const node of cluster.nodes) expect(cluster.ask(node, 'any', 'read')).toEqual(last);
    for (const node of cluster.nodes) cluster.simulation.crash(node);
    for (const node of cluster.nodes) cluster.simulation.restart(node);
    cluster.settle();
  });
});

describe.each([3, 4, 5])('of %i nodes, whatever the majority that the former disk was in', (count) => {
  const nodes = nodesUpTo(count);
  const [last, others] = [nodes.at(-1)!, nodes.slice(0, -1)];
  const quorum = Math.floor(count / 2) + 1;
  const fewest = Math.min(quorum, count - 1);

  test.each(choices(others, quorum - 1).map((majority) => [majority.join(' '), majority] as const))(
    `what it and %s acknowledged is read from every majority that the new one is in`,
    (_, majority) => {
      for (const copied of choices(others, fewest)) {
        const cluster = new RegisterCluster({ seed: 1, nodes });
        cluster.simulation.partition([[...majority, last]]);
        expect(cluster.ask(last, 'any', 'write').type).toBe('written');
        cluster.simulation.heal();
        const down = others.filter((node) => !copied.includes(node));
        for (const node of down) cluster.simulation.crash(node);
        replaceAndWait(cluster, last, 'gone');
        for (const node of down) cluster.simulation.restart(node);
        for (const readers of choices(others, quorum - 1)) {
          cluster.simulation.partition([[...readers, last]]);
          const read = cluster.ask(readers[0]!, 'any', 'read');
          expect(valueOf(read)).toBe(`${last}#1`);
        }
      }
    },
  );
});

describe('the new disk takes no part', () => {
  test('before it has copied from a majority, whoever of those who were there', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5) });
    cluster.simulation.partition([['S1', 'S3', 'S4']]);
    cluster.ask('S1', 'one', 'write');
    cluster.simulation.heal();
    for (const node of ['S1', 'S3']) cluster.simulation.crash(node);
    cluster.replace('S4', 'gone');
    cluster.simulation.run({ for: 5000 });
    expect(cluster.answers.replaced).toBeUndefined();
    expect(cluster.ask('S2', 'one', 'read')).toMatchObject({ type: 'error', error: { code: 'no_quorum' } });
    for (const node of ['S1', 'S3']) cluster.simulation.restart(node);
    untilReplaced(cluster);
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#1');
  });

  test('while a majority goes on that has not heard of it, the former disk among them', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5), spares: ['S4'] });
    cluster.simulation.partition([
      ['S3', 'S4', 'S5'],
      ['S1', 'S2', sparePlace('S4')],
    ]);
    cluster.replace('S4', 'back', ['S1', 'S2']);
    cluster.simulation.run({ for: 2000 });
    expect(cluster.answers.replaced).toBeUndefined();
    expect(cluster.ask('S5', 'any', 'write').type).toBe('written');
    expect(cluster.ask('S1', 'any', 'read').type).toBe('error');
    cluster.simulation.heal();
    untilReplaced(cluster);
    expect(valueOf(cluster.ask('S1', 'any', 'read'))).toBe('S5#1');
    cluster.settle();
  });
});

describe('a single writer that was replaced', () => {
  test('stands above what its former disk goes on to issue, however late that is seen', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5), spares: ['S1'] });
    const { simulation } = cluster;
    cluster.ask('S1', 'one', 'write');
    simulation.partition([
      ['S1', 'S5'],
      ['S2', 'S3', 'S4', sparePlace('S1')],
    ]);
    replaceAndWait(cluster, 'S1', 'back');
    const write = (at: string): void => simulation.invoke(at, { type: 'write', key: 'one', value: Buffer.from(at) });
    for (let i = 0; i < 4; i++) {
      write('S1'); // reaches S5 alone, each above the last
      simulation.run({ for: 2500 });
    }
    write(sparePlace('S1'));
    simulation.run({ for: 500 });
    simulation.heal();
    simulation.run({ for: 500 });
    simulation.partition([['S3', 'S4', 'S5']]); // the new disk sees nothing of what is read
    const shown = cluster.ask('S5', 'one', 'read');
    expect(shown).toMatchObject({ type: 'value', tag: [5, 'S1'] });
    simulation.heal();
    expect(cluster.ask('S1', 'one', 'write')).toEqual({ type: 'written', tag: [6, 'S1'] });
  });
});
