// One test for each step of the argument that the register is atomic: termination, validity and ordering, as in Cachin,
// Guerraoui, Rodrigues, "Introduction to Reliable and Secure Distributed Programming", sections 4.3 and 4.4 (algorithms
// 4.6 and 4.7, Read-Impose Write-Majority, and its many-writer form), and what crashes and lost disks add to it.
import { describe, expect, test } from '@jest/globals';
import type { NodeId } from '@synod/kernel';
import { text } from './testing/notation.js';
import { RegisterCluster } from './simulation/register-cluster.js';
import { nodesUpTo } from '@synod/simulator';
import type { RegisterResult } from './protocol.js';

function valueOf(result: RegisterResult): string {
  expect(result.type).toBe('value');
  return text(result.type === 'value' ? result.value : undefined);
}

function expectNoQuorum(result: RegisterResult, definite: boolean): void {
  expect(result).toMatchObject({ type: 'error', error: { code: 'no_quorum', definite } });
}

/** Cuts a node off in one direction: nobody of `others` hears it. */
function mute(cluster: RegisterCluster, node: NodeId, others: readonly NodeId[]): void {
  for (const other of others) cluster.simulation.cut(node, other);
}

describe.each([3, 4, 5])('termination, with %i nodes', (nodes) => {
  test('any minority may be down', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(nodes) });
    for (const node of cluster.nodes.slice(Math.floor(nodes / 2) + 1)) cluster.simulation.crash(node);
    expect(cluster.ask('S1', 'any', 'write').type).toBe('written');
    expect(valueOf(cluster.ask('S2', 'any', 'read'))).toBe('S1#1');
  });

  test('without a majority every operation is answered in bounded time', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(nodes) });
    for (const node of cluster.nodes.slice(Math.ceil(nodes / 2))) cluster.simulation.crash(node);
    if (nodes % 2 === 1) cluster.simulation.crash('S2');
    expectNoQuorum(cluster.ask('S1', 'any', 'write', 2100), true);
    expectNoQuorum(cluster.ask('S1', 'any', 'read', 2100), true);
  });
});

test('a phase is sent again to those who have not answered: what was lost costs time, and nothing else', () => {
  const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
  cluster.simulation.setWeather({ loss: 1 });
  let answer: RegisterResult | undefined;
  cluster.write('S1', 'any', (result) => (answer = result));
  cluster.simulation.run({ for: 500 });
  cluster.simulation.clearWeather();
  cluster.simulation.runUntil(() => answer !== undefined, { within: 1000 });
  expect(answer?.type).toBe('written');
});

describe('any two quorums share a node', () => {
  test('of four nodes, halves can do nothing', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(4) });
    cluster.simulation.partition([
      ['S1', 'S2'],
      ['S3', 'S4'],
    ]);
    for (const node of cluster.nodes) {
      expectNoQuorum(cluster.ask(node, 'any', 'read'), true);
      expectNoQuorum(cluster.ask(node, 'any', 'write'), true);
    }
    cluster.simulation.heal();
    cluster.settle();
  });
});

describe('validity', () => {
  test('a read that follows a write returns its value, whichever majorities the two had', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5) });
    cluster.simulation.partition([['S1', 'S2', 'S3']]);
    cluster.ask('S1', 'any', 'write');
    cluster.simulation.partition([['S3', 'S4', 'S5']]);
    expect(valueOf(cluster.ask('S4', 'any', 'read'))).toBe('S1#1');
  });

  test('a register that was never written has no value and no tag', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    expect(cluster.ask('S2', 'one', 'read')).toEqual({ type: 'value', value: undefined, tag: undefined });
  });

  test('a write that follows a write stands above it, whatever the names of the writers', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5) });
    cluster.simulation.partition([['S3', 'S4', 'S5']]);
    cluster.ask('S5', 'any', 'write');
    cluster.simulation.partition([['S1', 'S2', 'S3']]);
    expect(cluster.ask('S1', 'any', 'write')).toEqual({ type: 'written', tag: [2, 'S1'] });
    expect(valueOf(cluster.ask('S2', 'any', 'read'))).toBe('S1#2');
  });

  test('a write that follows a write stands above it, whatever the clocks of the writers', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    cluster.simulation.run({ for: 5000 });
    cluster.ask('S3', 'any', 'write');
    cluster.simulation.crash('S1');
    cluster.simulation.restart('S1'); // its clock begins anew
    cluster.simulation.run({ for: 300 });
    expect(cluster.ask('S1', 'any', 'write')).toEqual({ type: 'written', tag: [2, 'S1'] });
    expect(valueOf(cluster.ask('S2', 'any', 'read'))).toBe('S1#2');
  });

  test('each of many writers asks every time: what it wrote itself may not be the latest any more', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    cluster.ask('S1', 'any', 'write');
    cluster.simulation.partition([['S2', 'S3']]);
    cluster.ask('S2', 'any', 'write');
    cluster.simulation.partition([['S1', 'S3']]);
    expect(cluster.ask('S1', 'any', 'write')).toEqual({ type: 'written', tag: [3, 'S1'] });
    cluster.history.check();
  });

  test('writes of one moment are told apart by the names of their writers', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    const tags: unknown[] = [];
    for (const node of cluster.nodes) cluster.write(node, 'any', (result) => tags.push('tag' in result && result.tag));
    cluster.simulation.runUntil(() => tags.length === 3, { within: 1000 });
    expect(new Set(tags.map(String)).size).toBe(3);
    cluster.settle();
  });
});

describe('ordering', () => {
  test('a value that was read once is read by all who read later, though its write is unfinished', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5) });
    cluster.ask('S1', 'one', 'write');
    mute(cluster, 'S1', ['S3', 'S4', 'S5']);
    cluster.write('S1', 'one'); // reaches S2 alone
    cluster.simulation.run({ for: 50 });
    cluster.simulation.crash('S1');
    cluster.simulation.partition([['S2', 'S3', 'S4']]);
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#2');
    cluster.simulation.partition([['S3', 'S4', 'S5']]);
    expect(valueOf(cluster.ask('S5', 'one', 'read'))).toBe('S1#2');
    cluster.history.check();
  });
});

describe('durable, then visible', () => {
  /** S2's disk is slow, and the write of S1 under way to it alone. */
  function writing(): { cluster: RegisterCluster; answers: RegisterResult[] } {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3), disk: { survival: 0 } });
    const answers: RegisterResult[] = [];
    cluster.ask('S1', 'one', 'write');
    cluster.simulation.disk('S2').slowDown(300);
    cluster.simulation.cut('S1', 'S3');
    cluster.write('S1', 'one', (answer) => answers.push(answer));
    cluster.simulation.run({ for: 100 });
    return { cluster, answers };
  }

  test('a replica that crashes in the middle of its write has acknowledged nothing', () => {
    const { cluster, answers } = writing();
    cluster.simulation.crash('S2');
    expect(answers).toEqual([]);
    cluster.simulation.crash('S1');
    cluster.simulation.restart('S2');
    expect(valueOf(cluster.ask('S3', 'one', 'read'))).toBe('S1#1');
  });

  test('a replica in the middle of its write shows nobody what it writes', () => {
    const { cluster } = writing();
    const answers: RegisterResult[] = [];
    cluster.read('S3', 'one', (answer) => answers.push(answer));
    cluster.simulation.run({ for: 50 });
    cluster.simulation.crash('S2');
    expect(answers).toEqual([]);
  });
});

describe('crashes', () => {
  test('a write that its writer had made durable alone may surface after all, and then stays', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    cluster.ask('S1', 'one', 'write');
    mute(cluster, 'S1', ['S2', 'S3']);
    expectNoQuorum(cluster.ask('S1', 'one', 'write'), false);
    cluster.simulation.crash('S1');
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#1');
    cluster.simulation.heal();
    cluster.simulation.restart('S1');
    cluster.simulation.crash('S3');
    cluster.simulation.run({ for: 50 });
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#2');
    expect(cluster.ask('S1', 'one', 'write')).toEqual({ type: 'written', tag: [3, 'S1'] });
    cluster.history.check();
  });

  test('what is acknowledged survives the loss of all memory', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    cluster.ask('S1', 'one', 'write');
    for (const node of cluster.nodes) cluster.simulation.crash(node);
    for (const node of cluster.nodes) cluster.simulation.restart(node);
    expect(valueOf(cluster.ask('S3', 'one', 'read'))).toBe('S1#1');
  });
});

describe('a lost disk', () => {
  test('does not vote before it is recovered from all others', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    cluster.simulation.partition([['S1', 'S2']]);
    cluster.ask('S1', 'one', 'write'); // on S1 and S2
    cluster.loseDisk('S2');
    cluster.simulation.crash('S1');
    cluster.simulation.heal();
    cluster.simulation.restart('S2');
    expectNoQuorum(cluster.ask('S3', 'one', 'read'), true); // S2 and S3 would be a quorum that knows nothing
    expect(cluster.isRecovering('S2')).toBe(true);
    cluster.simulation.restart('S1');
    cluster.simulation.runUntil(() => !cluster.isRecovering('S2'), { within: 1000 });
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#1');
    cluster.simulation.crash('S1');
    expect(valueOf(cluster.ask('S3', 'one', 'read'))).toBe('S1#1');
  });

  test('of two, neither recovers from the other', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(5) });
    cluster.ask('S1', 'one', 'write');
    for (const node of ['S4', 'S5']) cluster.loseDisk(node);
    for (const node of ['S4', 'S5']) cluster.simulation.restart(node);
    cluster.simulation.run({ for: 3000 });
    expect(['S4', 'S5'].map((node) => cluster.isRecovering(node))).toEqual([true, true]);
    expect(valueOf(cluster.ask('S2', 'one', 'read'))).toBe('S1#1'); // the majority that is left goes on
  });

  test('of the single writer: it goes on above all that is known of its former life', () => {
    const cluster = new RegisterCluster({ seed: 1, nodes: nodesUpTo(3) });
    for (let i = 0; i < 3; i++) cluster.ask('S1', 'one', 'write');
    cluster.loseDisk('S1');
    cluster.simulation.restart('S1');
    cluster.simulation.runUntil(() => !cluster.isRecovering('S1'), { within: 1000 });
    expect(cluster.ask('S1', 'one', 'write')).toEqual({ type: 'written', tag: [4, 'S1'] });
    cluster.settle();
  });
});
