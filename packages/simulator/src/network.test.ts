import { describe, expect, test } from '@jest/globals';
import { delivered, links, startPost } from './testing/post.js';
import type { Simulation } from './simulation.js';
import type { Post } from './testing/post.js';

const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);

function post(simulation: Simulation<Post>, to: string, letters: readonly string[]): void {
  for (const text of letters) {
    simulation.invoke('S1', { post: to, text });
    simulation.run({ for: 0.1 });
  }
}

describe('messages', () => {
  test('arrive after their delay, in order, unless told otherwise', () => {
    const simulation = startPost({ network: { delayMs: [5, 50] } });
    post(simulation, 'S2', texts(50));
    expect(delivered(simulation, 'S2')).toEqual([]);
    simulation.run({ for: 60 });
    expect(delivered(simulation, 'S2')).toEqual(texts(50));
  });

  test('are lost as often as said', () => {
    const simulation = startPost({ network: { loss: 0.4 } });
    post(simulation, 'S2', texts(500));
    simulation.run({ for: 100 });
    const lost = simulation.counts.incidents.lose!;
    expect(lost).toBeGreaterThan(150);
    expect(lost).toBeLessThan(250);
    expect(delivered(simulation, 'S2')).toHaveLength(500 - lost);
  });

  test('are duplicated as often as said', () => {
    const simulation = startPost({ network: { duplication: 0.3 } });
    post(simulation, 'S2', texts(300));
    simulation.run({ for: 100 });
    const twice = simulation.counts.incidents.duplicate!;
    expect(twice).toBeGreaterThan(60);
    expect(delivered(simulation, 'S2')).toHaveLength(300 + twice);
    expect(new Set(delivered(simulation, 'S2')).size).toBe(300);
  });

  test('overtake one another when reordering is on', () => {
    const simulation = startPost({ network: { delayMs: [1, 30], reordering: 1 } });
    post(simulation, 'S2', texts(50));
    simulation.run({ for: 60 });
    expect(delivered(simulation, 'S2')).not.toEqual(texts(50));
    expect(new Set(delivered(simulation, 'S2'))).toEqual(new Set(texts(50)));
  });

  test('to a node that is down are lost; those that arrive after its restart are not', () => {
    const simulation = startPost({ network: { delayMs: [10, 10] } });
    simulation.crash('S2');
    post(simulation, 'S2', ['while down']);
    simulation.run({ for: 9 });
    simulation.run({ for: 9 });
    post(simulation, 'S2', ['on its way']);
    simulation.restart('S2');
    simulation.run({ for: 20 });
    expect(delivered(simulation, 'S2')).toEqual(['on its way']);
  });

  test('of a node that crashed since still travel', () => {
    const simulation = startPost({ network: { delayMs: [10, 10] } });
    post(simulation, 'S2', ['last words']);
    simulation.crash('S1');
    simulation.run({ for: 20 });
    expect(delivered(simulation, 'S2')).toEqual(['last words']);
  });
});

describe('cuts', () => {
  test('a one-way cut stops one direction, from the message under way on; the other works', () => {
    const simulation = startPost({ network: { delayMs: [10, 10] } });
    post(simulation, 'S2', ['under way']);
    simulation.cut('S1', 'S2');
    simulation.invoke('S2', { post: 'S1', text: 'against the cut' });
    post(simulation, 'S2', ['into the cut']);
    simulation.run({ for: 20 });
    expect([delivered(simulation, 'S1'), delivered(simulation, 'S2')]).toEqual([['against the cut'], []]);
    post(simulation, 'S2', ['into its end']);
    simulation.mend('S1', 'S2');
    post(simulation, 'S2', ['after it']);
    simulation.run({ for: 20 });
    expect(delivered(simulation, 'S2')).toEqual(['after it']);
  });

  test('a partition lets through what stays within a group; a node in no group is alone; heal ends it', () => {
    const simulation = startPost();
    const sendAll = (text: string): void => {
      for (const from of simulation.nodes) {
        for (const to of simulation.nodes)
          if (from !== to) simulation.invoke(from, { post: to, text: `${from} ${text}` });
      }
      simulation.run({ for: 20 });
    };
    simulation.partition([['S1', 'S2']]);
    sendAll('divided');
    expect(simulation.nodes.map((node) => delivered(simulation, node))).toEqual([['S2 divided'], ['S1 divided'], []]);
    simulation.partition([['S1'], ['S2', 'S3']]);
    sendAll('divided again');
    expect(delivered(simulation, 'S1')).toHaveLength(1);
    expect(delivered(simulation, 'S3')).toEqual(['S2 divided again']);
    simulation.heal();
    sendAll('healed');
    expect(delivered(simulation, 'S1').slice(1).sort()).toEqual(['S2 healed', 'S3 healed']);
  });
});

describe('links', () => {
  const settled = (options = {}): Simulation<Post> => {
    const simulation = startPost({ nodes: ['S1', 'S2'], ...options });
    simulation.run({ for: 50 });
    return simulation;
  };

  test('come up as the nodes start, once each', () => {
    const simulation = startPost();
    simulation.run({ for: 100 });
    for (const node of simulation.nodes) {
      const peers = simulation.nodes.filter((peer) => peer !== node);
      expect(links(simulation, node).sort()).toEqual(peers.map((peer) => `${peer} up`));
    }
  });

  test('go down at both ends when one direction is cut, and up when both are open again', () => {
    const simulation = settled();
    simulation.cut('S1', 'S2');
    simulation.run({ for: 50 });
    simulation.mend('S1', 'S2');
    simulation.run({ for: 50 });
    expect(links(simulation, 'S1')).toEqual(['S2 up', 'S2 down', 'S2 up']);
    expect(links(simulation, 'S2')).toEqual(['S1 up', 'S1 down', 'S1 up']);
  });

  test('go down with a crash and up with the restart; the new life starts without any', () => {
    const simulation = settled();
    simulation.crash('S2');
    simulation.run({ for: 50 });
    expect(links(simulation, 'S1')).toEqual(['S2 up', 'S2 down']);
    simulation.restart('S2');
    simulation.run({ for: 50 });
    expect(links(simulation, 'S1')).toEqual(['S2 up', 'S2 down', 'S2 up']);
    expect(links(simulation, 'S2')).toEqual(['S1 up', 'S1 up']);
  });

  test('a cut too short to be noticed in between still breaks the connection', () => {
    const simulation = settled({ network: { detectionMs: [10, 10] } });
    simulation.cut('S1', 'S2');
    simulation.run({ for: 1 });
    simulation.mend('S1', 'S2');
    simulation.run({ for: 50 });
    expect(links(simulation, 'S1')).toEqual(['S2 up', 'S2 down', 'S2 up']);
  });

  test('a restart too quick to be noticed in between still breaks the connection', () => {
    const simulation = settled({ network: { detectionMs: [10, 10] } });
    simulation.crash('S2');
    simulation.run({ for: 1 });
    simulation.restart('S2');
    simulation.run({ for: 50 });
    expect(links(simulation, 'S1')).toEqual(['S2 up', 'S2 down', 'S2 up']);
  });
});

test('changed weather holds from then on, until it clears', () => {
  const simulation = startPost();
  simulation.setWeather({ loss: 1 });
  post(simulation, 'S2', texts(20));
  simulation.clearWeather();
  post(simulation, 'S2', ['clear']);
  simulation.run({ for: 20 });
  expect(delivered(simulation, 'S2')).toEqual(['clear']);
});

test('calm ends every fault at once', () => {
  const simulation = startPost();
  simulation.run({ for: 100 });
  simulation.crash('S1');
  simulation.pause('S2');
  simulation.partition([['S1', 'S2']]);
  simulation.crashAt('S3', 'after-release');
  simulation.setWeather({ loss: 1 });
  simulation.calm();
  for (const to of ['S2', 'S3']) post(simulation, to, ['after the calm']);
  simulation.run({ for: 100 });
  expect([delivered(simulation, 'S2'), delivered(simulation, 'S3')]).toEqual([['after the calm'], ['after the calm']]);
  expect(simulation.nodes.every((node) => simulation.isUp(node))).toBe(true);
});
