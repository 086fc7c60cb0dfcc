// One test for each requirement of Leslie Lamport, "Paxos Made Simple" (2001), as far as it speaks of behaviour.
import { describe, expect, test } from '@jest/globals';
import { Effects, quorumSize, type NodeId } from '@synod/kernel';
import fc from 'fast-check';
import { Acceptor } from './acceptor.js';
import { Attempt } from './attempt.js';
import { makeBlock, type Block } from './block.js';
import type { PaxosMessage } from './messages.js';
import { faultPlan, runUnderFaults } from '@synod/simulator';
import type { LogProtocol } from './replicated-log.js';
import { Cluster } from './testing/cluster.js';
import { genesis, textCodec } from './testing/text-codec.js';

const effects = () => new Effects<LogProtocol<string>>();

/** Acceptors and rival proposers of one height, whose messages arrive in any order, late, twice or never. */
class Instance {
  readonly #acceptors = new Map<NodeId, Acceptor<string>>();
  readonly #attempts: Attempt<string>[] = [];
  readonly #votes = new Map<string, Set<NodeId>>();
  readonly #underWay: { readonly from: NodeId; readonly to: NodeId; readonly message: PaxosMessage<string> }[] = [];
  readonly chosen = new Set<string>();

  constructor(acceptors: number) {
    for (let i = 1; i <= acceptors; i++) this.#acceptors.set(`S${i}`, new Acceptor());
  }

  /** A server asks all to promise its next ballot. */
  prepare(server: NodeId): void {
    const members = [...this.#acceptors.keys()];
    const ballot = { round: this.#attempts.length + 1, server };
    const number = this.#attempts.length;
    this.#attempts.push(new Attempt({ number, ballot, height: 1, gather: undefined, members, now: 0, resendMs: 1 }));
    for (const to of members)
      this.#underWay.push({ from: server, to, message: { type: 'prepare', ballot, height: 1 } });
  }

  /** Delivers one of the messages under way; it may arrive again. */
  deliver(choice: number, again: boolean): void {
    if (this.#underWay.length === 0) return;
    const index = choice % this.#underWay.length;
    const { from, to, message } = this.#underWay[index]!;
    if (!again) this.#underWay.splice(index, 1);
    const { ballot, height } = message as { ballot: { round: number; server: NodeId }; height: number };
    const acceptor = this.#acceptors.get(to)!;
    if (message.type === 'prepare' && acceptor.prepare(message, effects())) {
      const log = [{ owner: to, sequence: 1, value: `of ${to} for ${ballot.round}` }];
      const { accepted } = acceptor;
      this.#underWay.push({
        from: to,
        to: from,
        message: { type: 'promise', ballot, height, accepted, log: accepted ? [] : log, more: false, wants: false },
      });
    } else if (message.type === 'promise') {
      this.#promised(from, message);
    } else if (message.type === 'accept' && acceptor.accept(message, effects())) {
      const votes = this.#votes.get(message.block.hash + ballot.round) ?? new Set<NodeId>();
      this.#votes.set(message.block.hash + ballot.round, votes.add(to));
      if (votes.size >= quorumSize(this.#acceptors.size)) this.chosen.add(message.block.hash);
    }
  }

  #promised(from: NodeId, message: Extract<PaxosMessage<string>, { type: 'promise' }>): void {
    const attempt = this.#attempts.find((candidate) => candidate.matches(message))!;
    if (attempt.proposal || !attempt.heard.add(from)) return;
    attempt.promises.set(from, message);
    if (!attempt.heard.reached) return;
    const { ballot } = attempt;
    const value = attempt.chooseValue(() => 0)!;
    const block: Block<string> =
      value.kind === 'accepted'
        ? value.block
        : makeBlock({ height: 1, previous: genesis, ballot, entries: value.entries }, textCodec);
    attempt.proposal = { block, fresh: true, more: false };
    for (const to of this.#acceptors.keys()) {
      this.#underWay.push({ from: ballot.server, to, message: { type: 'accept', ballot, height: 1, block } });
    }
  }
}

describe('section 2.1, the problem', () => {
  test('only a single value is chosen, in any order of messages', () => {
    const step = fc.oneof(
      { weight: 1, arbitrary: fc.record({ prepare: fc.constantFrom('S1', 'S2', 'S3') }) },
      { weight: 12, arbitrary: fc.record({ choice: fc.nat(1000), again: fc.boolean() }) },
    );
    let chosen = 0;
    fc.assert(
      fc.property(fc.constantFrom(3, 4, 5), fc.array(step, { minLength: 60, maxLength: 200 }), (acceptors, steps) => {
        const instance = new Instance(acceptors);
        instance.prepare('S1');
        for (const next of steps) {
          if ('prepare' in next) instance.prepare(next.prepare);
          else instance.deliver(next.choice, next.again);
        }
        expect(instance.chosen.size).toBeLessThanOrEqual(1);
        chosen += instance.chosen.size;
      }),
      { seed: 1, numRuns: 1500 },
    );
    expect(chosen).toBeGreaterThan(300); // or nothing was at stake
  });

  test('only a value that has been proposed is chosen, and a process never learns that one is chosen unless it is', () => {
    // The witness of the cluster counts the votes itself, and throws otherwise.
    const cluster = new Cluster({ seed: 1, servers: 3 });
    cluster.appendAtRandom(50, 1000);
    cluster.simulation.run({ for: 2000 });
    expect(cluster.acknowledged.length).toBe(50);
  });
});

describe('section 2.2, choosing a value', () => {
  const ballot = { round: 1, server: 'S2' };
  const block = makeBlock(
    { height: 1, previous: genesis, ballot, entries: [{ owner: 'S2', sequence: 1, value: 'b' }] },
    textCodec,
  );

  test('P1: an acceptor must accept the first proposal that it receives', () => {
    expect(new Acceptor<string>().accept({ type: 'accept', ballot, height: 1, block }, effects())).toBe(true);
  });

  test('a proposal is chosen by one proposer alone, if nobody else proposes', () => {
    const cluster = new Cluster({ seed: 2, servers: 5 });
    expect(cluster.ask('S3', { type: 'append', value: 'alone' }).type).toBe('appended');
  });

  test('the algorithm works if a minority is down, and chooses nothing without a majority', () => {
    const cluster = new Cluster({ seed: 3, servers: 5 });
    cluster.simulation.crash('S4');
    cluster.simulation.crash('S5');
    expect(cluster.ask('S1', { type: 'append', value: 'three' }).type).toBe('appended');
    cluster.simulation.crash('S3');
    expect(cluster.ask('S1', { type: 'append', value: 'two' }).type).toBe('error');
    expect(cluster.witness.chosen.size).toBe(1);
  });
});

describe('section 2.2, any two majorities have an acceptor in common', () => {
  test('of four servers, halves choose nothing', () => {
    const cluster = new Cluster({ seed: 1, servers: 4 });
    cluster.simulation.partition([
      ['S1', 'S2'],
      ['S3', 'S4'],
    ]);
    for (const server of cluster.servers) {
      expect(cluster.ask(server, { type: 'append', value: `of ${server}` }).type).toBe('error');
    }
    expect(cluster.witness.chosen.size).toBe(0);
  });
});

describe('section 2.3, learning a chosen value', () => {
  test('a learner that missed the message finds out all the same', () => {
    const cluster = new Cluster({ seed: 4, servers: 3 });
    cluster.simulation.partition([['S1', 'S2']]);
    for (let i = 0; i < 5; i++) cluster.ask('S1', { type: 'append', value: `${i}` });
    cluster.simulation.heal();
    cluster.simulation.runUntil(() => cluster.height('S3') === 5, { within: 2000 });
  });

  test('if the proposer fails before anybody learns, another proposer gets the same value chosen', () => {
    const cluster = new Cluster({ seed: 5, servers: 3 });
    const { simulation } = cluster;
    cluster.append('S1');
    simulation.runUntil(() => simulation.isUp('S1') && cluster.witness.chosen.size === 1, { within: 1000 });
    simulation.crash('S1');
    cluster.ask('S2', { type: 'append', value: 'next' });
    expect(cluster.chain('S2')[0]!.entries).toEqual([{ owner: 'S1', sequence: 1, value: 'S1#1' }]);
  });
});

test('section 2.4, progress: proposers that keep beating one another settle it by waiting for random times', () => {
  const cluster = new Cluster({ seed: 6, servers: 5 });
  for (let i = 0; i < 20; i++) {
    let open = cluster.servers.length;
    for (const server of cluster.servers) cluster.append(server, () => open--);
    cluster.simulation.runUntil(() => open === 0, { within: 5000 });
  }
  expect(cluster.acknowledged.length).toBe(100);
});

describe('section 2.5, the implementation', () => {
  test('an acceptor in the middle of its write has promised and accepted nothing yet', () => {
    const cluster = new Cluster({ seed: 1, servers: 3, timing: { gatherMs: 0 } });
    cluster.simulation.disk('S2').slowDown(300);
    cluster.simulation.cut('S1', 'S3');
    const appended: string[] = [];
    cluster.append('S1', () => appended.push('S1'));
    cluster.simulation.run({ for: 100 });
    cluster.simulation.crash('S2');
    expect([appended, cluster.witness.chosen.size]).toEqual([[], 0]);
  });

  test('what must survive a failure is durable before the answer that rests on it: no crash shows otherwise', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const cluster = new Cluster({ seed, servers: 3, disk: { writeMs: [5, 30], survival: 0.2 } });
      cluster.appendAtRandom(60, 3000);
      const { simulation, servers: nodes } = cluster;
      const counts = { crash: 12, 'crash-point': 12 };
      const faults = faultPlan(simulation.random('faults'), { nodes, forMs: 3000, counts });
      runUnderFaults(simulation, faults, { forMs: 3000 });
      cluster.settle(10_000);
    }
  });
});

test('section 3, a state machine: every server applies the same entries in the same order', () => {
  const cluster = new Cluster({ seed: 7, servers: 3 });
  cluster.appendAtRandom(40, 500);
  cluster.simulation.run({ for: 1500 });
  const orders = cluster.servers.map((server) =>
    cluster.chain(server).flatMap(({ entries }) => entries.map(({ value }) => value)),
  );
  expect(orders[0]!.length).toBe(40);
  expect(orders).toEqual([orders[0], orders[0], orders[0]]);
});
