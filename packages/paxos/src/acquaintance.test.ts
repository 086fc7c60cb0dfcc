import { describe, expect, test } from '@jest/globals';
import { Effects } from '@synod/kernel';
import { Acquaintance } from './acquaintance.js';
import { Membership } from './membership.js';
import { paxosKeys } from './records.js';
import type { LogProtocol } from './replicated-log.js';
import { Cluster } from './testing/cluster.js';

const ballot = { round: 0, server: 'S1' };
const effects = () => new Effects<LogProtocol<string>>();

function acquaintanceOf(members: readonly string[]): Acquaintance<string> {
  const membership = new Membership<string>('S1', members);
  return new Acquaintance<string>({ self: 'S1', members, random: () => 0.5, membership });
}

function fresh(members: readonly string[]) {
  const acquaintance = acquaintanceOf(members);
  acquaintance.begin(effects());
  const confirm = (from: string, identity = '8000000080000000') =>
    acquaintance.acquainted(from, { type: 'acquainted', ballot, height: 0, identity }, effects());
  return { acquaintance, confirm };
}

test.each([
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
  [7, 4],
])('of %i servers a new disk takes part once %i others know it: a majority of the others', (servers, needed) => {
  const members = Array.from({ length: servers }, (_, i) => `S${i + 1}`);
  const { acquaintance, confirm } = fresh(members);
  for (let known = 0; known < needed; known++) {
    expect(acquaintance.ready).toBe(false);
    confirm(`S${known + 2}`);
    confirm(`S${known + 2}`); // counts once
  }
  expect(acquaintance.ready).toBe(true);
});

test('the identity is durable before anybody is told', () => {
  const acquaintance = acquaintanceOf(['S1', 'S2', 'S3']);
  const first = effects();
  acquaintance.begin(first);
  acquaintance.introduce(['S2'], first);
  expect(first.persist.map(({ key }) => key)).toEqual([paxosKeys.identity]);
  expect(first.send.map(({ to, message }) => [to, message.type])).toEqual([['S2', 'introduce']]);
});

test('a server remembers the first identity of a peer, durably, and names it to any later one', () => {
  const { acquaintance } = fresh(['S1', 'S2', 'S3']);
  const answers = ['aaaa', 'bbbb'].map((identity) => {
    const step = effects();
    acquaintance.introduced('S2', { type: 'introduce', ballot, height: 0, identity, established: false }, step);
    const [sent] = step.send;
    return [step.persist.length, sent!.message.type === 'acquainted' && sent!.message.identity];
  });
  expect(answers).toEqual([
    [1, 'aaaa'],
    [0, 'aaaa'],
  ]);
});

test('a disk that a peer does not know stops the server', () => {
  const { confirm } = fresh(['S1', 'S2', 'S3']);
  expect(() => confirm('S2', 'another')).toThrow('S1 starts with a disk that S2 does not know');
});

test('a disk that a block names before it has taken part waits for that block', () => {
  const { acquaintance } = fresh(['S1', 'S2', 'S3']);
  for (const from of ['S2', 'S3']) {
    const identity = '8000000080000000';
    acquaintance.acquainted(from, { type: 'acquainted', ballot, height: 7, identity }, effects());
  }
  expect([acquaintance.ready, acquaintance.waits]).toEqual([false, true]);
});

describe('a server takes part in one life only of those that a lost disk separates, whoever is in reach', () => {
  const reach: [string, string][] = [
    ['S2 S3 S4', 'S3 S4 S5'],
    ['S2 S3 S4 S5', 'S4 S5'],
    ['S3 S4 S5', 'S2 S3 S4 S5'],
    ['S2 S3', 'S4 S5'],
  ];
  test.each(reach)('%s before, %s after', (before, after) => {
    const stopped: string[] = [];
    const cluster = new Cluster({
      seed: 1,
      servers: 5,
      reach: ['S1', ...before.split(' ')],
      expected: ({ message }) => message.startsWith('S1 starts with a disk that') && stopped.push(message) > 0,
    });
    const { simulation } = cluster;
    const takesPart = () =>
      simulation.isUp('S1') && cluster.ask('S1', { type: 'append', value: 'kept' }).type === 'appended';
    const tookPart = takesPart();
    simulation.crash('S1');
    simulation.loseDisk('S1');
    simulation.partition([['S1', ...after.split(' ')]]);
    simulation.restart('S1');
    simulation.run({ for: 3000 });
    expect([tookPart, takesPart()]).toEqual([before.length > 5, false]);
    expect(stopped.length).toBe(tookPart ? 1 : 0);
  });
});
