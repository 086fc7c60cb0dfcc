import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NodeLoop } from './loop.js';
import type { Effects } from './machine.js';
import { ScriptedNode, type Scripted } from './testing/scripted-node.js';

const put =
  (key: string, value: string | undefined) =>
  (effects: Effects<Scripted>): void =>
    effects.put(key, value);
const send =
  (message: string, to = 'S2') =>
  (effects: Effects<Scripted>): void =>
    effects.to(to, message);

describe('group commit', () => {
  test('all steps of one turn are one durable write, each key once with its last value', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', put('a', '1'));
    node.ask('second', put('b', '2'));
    node.ask('third', put('a', '3'));
    node.settle();
    expect(node.log).toEqual(['write a=3 b=2', 'answer first', 'answer second', 'answer third']);
  });

  test('nothing is stepped before the turn ends, nothing is released before the write ends', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', (effects) => {
      effects.put('a', '1');
      effects.to('S2', 'told');
    });
    expect(node.log).toEqual([]);
    node.clock.turn();
    expect(node.log).toEqual(['write a=1']);
    node.storage.finish();
    expect(node.log).toEqual(['write a=1', 'send S2 told', 'answer first']);
  });

  test('one write is in flight; whatever arrives meanwhile, over many turns, is one group', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', put('a', 'a'));
    node.clock.turn();
    for (const key of ['b', 'c', 'd']) {
      node.ask(key, put(key, key));
      node.clock.turn();
    }
    expect(node.storage.writes).toHaveLength(1);
    node.storage.finish();
    expect(node.storage.writes).toHaveLength(1);
    node.storage.finish();
    expect(node.log).toEqual(['write a=a', 'answer first', 'write b=b c=c d=d', 'answer b', 'answer c', 'answer d']);
  });

  test('a group that persists nothing is released without a write', async () => {
    const node = await new ScriptedNode().open();
    node.ask('question', send('asked'));
    node.clock.turn();
    expect(node.log).toEqual(['send S2 asked', 'answer question']);
  });
});

describe('order of release', () => {
  test('an output that persists nothing does not overtake one that is not durable yet', async () => {
    const node = await new ScriptedNode().open();
    node.ask('write', put('a', 'a'));
    node.clock.turn();
    node.ask('read', send('what I just read'));
    node.clock.turn();
    expect(node.log).toEqual(['write a=a']);
    node.storage.finish();
    expect(node.log).toEqual(['write a=a', 'answer write', 'send S2 what I just read', 'answer read']);
  });

  test('messages of one group are sent together, in step order', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', send('1', 'S3'));
    node.ask('second', send('2', 'S2'));
    node.ask('third', send('3', 'S3'));
    node.clock.turn();
    expect(node.log).toEqual(['send S3 1, S2 2, S3 3', 'answer first', 'answer second', 'answer third']);
  });

  test('for any mixture of steps, turns and writes: answers come in step order, each after all earlier puts', async () => {
    const action = fc.constantFrom('put', 'read', 'turn', 'finish');
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const node = await new ScriptedNode().open();
        const answers: { operation: number; allDurable: boolean }[] = [];
        let puts = 0;
        let asked = 0;
        const ask = (persists: boolean): void => {
          const operation = asked++;
          if (persists) puts++;
          const putsSoFar = puts;
          node.loop.invoke(
            (effects, id) => {
              if (persists) effects.put(`key ${putsSoFar}`, 'x');
              effects.answer(id, '');
            },
            () => answers.push({ operation, allDurable: node.storage.durable.size >= putsSoFar }),
          );
        };
        for (const name of actions) {
          if (name === 'turn') node.clock.turn();
          else if (name !== 'finish') ask(name === 'put');
          else if (node.storage.writes.length > 0) node.storage.finish();
          expect(node.storage.writes.length).toBeLessThanOrEqual(1);
        }
        node.settle();
        expect(answers).toEqual(Array.from({ length: asked }, (_, operation) => ({ operation, allDurable: true })));
      }),
    );
  });
});

describe('what is gathered over a turn', () => {
  /** Gathers the names of those who ask, and tells them at the end of the turn. */
  async function gathering(): Promise<{ node: ScriptedNode; ask: (name: string) => void }> {
    const node = await new ScriptedNode().open();
    const gathered: string[] = [];
    node.react = (input, effects) => {
      if (input.kind !== 'turn') return;
      effects.to('S2', gathered.splice(0).join(' and '));
      node.hasGathered = false;
    };
    const ask = (name: string): void =>
      node.ask(name, (effects) => {
        effects.put(name, '1');
        gathered.push(name);
        node.hasGathered = true;
      });
    return { node, ask };
  }

  test('is told once, after the last input, when all that they persist is durable', async () => {
    const { node, ask } = await gathering();
    ask('first');
    ask('second');
    node.clock.turn();
    expect(node.log).toEqual(['write first=1 second=1']);
    node.storage.finish();
    expect(node.log.slice(1)).toEqual(['send S2 first and second', 'answer first', 'answer second']);
  });

  test('over several turns while a write is under way: each tells its own', async () => {
    const { node, ask } = await gathering();
    for (const name of ['first', 'second', 'third']) {
      ask(name);
      node.clock.turn();
    }
    node.settle();
    const sent = node.log.filter((line) => line.startsWith('send'));
    expect(sent).toEqual(['send S2 first', 'send S2 second, S2 third']);
  });

  test('a machine that has gathered nothing takes no step', async () => {
    const kinds: string[] = [];
    const node = await new ScriptedNode().open({ observer: { stepped: ({ kind }) => kinds.push(kind) } });
    node.ask('first');
    node.clock.turn();
    expect(kinds).toEqual(['invoke']);
  });
});

describe('messages to oneself', () => {
  test('wait until they are durable, then are delivered in a later turn, and never reach the transport', async () => {
    const node = await new ScriptedNode().open();
    node.react = (input, effects) => {
      if (input.kind === 'deliver') effects.to('S2', `S1 got ${input.message} from ${input.from}`);
    };
    node.ask('vote', (effects) => {
      effects.put('vote', '1');
      effects.toAll(['S1', 'S2'], 'prepare');
    });
    node.clock.turn();
    expect(node.clock.turn()).toBe(false);
    node.storage.finish();
    expect(node.log).toEqual(['write vote=1', 'send S2 prepare', 'answer vote']);
    node.clock.turn();
    expect(node.log.slice(3)).toEqual(['send S2 S1 got prepare from S1']);
  });
});

describe('reading records', () => {
  test('sees what is unwritten, what is being written and what is durable', async () => {
    const node = await new ScriptedNode().open();
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(node.read('a'));
    node.ask('write', put('a', '1'));
    node.ask('look', look);
    node.clock.turn();
    node.ask('look', look);
    node.clock.turn();
    node.storage.finish();
    node.ask('look', look);
    node.clock.turn();
    expect(seen).toEqual(['1', '1', '1']);
    expect(node.storage.durable.get('a')).toBe('1');
  });

  test('a removed key is gone at once, though the durable value is still there', async () => {
    const node = new ScriptedNode();
    node.storage.durable.set('a', 'old');
    await node.open();
    const seen: (string | undefined)[] = [];
    node.ask('look', () => seen.push(node.read('a')));
    node.ask('remove', put('a', undefined));
    node.ask('look', () => seen.push(node.read('a')));
    node.clock.turn();
    expect(seen).toEqual(['old', undefined]);
    expect(node.storage.durable.get('a')).toBe('old');
    node.settle();
    expect(node.storage.durable.has('a')).toBe(false);
  });
});

describe('recovery', () => {
  test('the machine is built from the live records in key order, and reads the others on demand', async () => {
    const node = new ScriptedNode();
    for (const key of ['live/b', 'history/1', 'live/a', 'live0']) node.storage.durable.set(key, `value of ${key}`);
    await node.open();
    expect(node.recovered).toEqual([
      ['live/a', 'value of live/a'],
      ['live/b', 'value of live/b'],
    ]);
    expect(node.read('history/1')).toBe('value of history/1');
  });

  test('what one life made durable the next one finds', async () => {
    const node = await new ScriptedNode().open();
    node.ask('write', put('live/a', '1'));
    node.settle();
    await node.loop.stop();
    await node.open();
    expect(node.recovered).toEqual([['live/a', '1']]);
  });

  test('records that make no sense keep the node from starting', async () => {
    const node = new ScriptedNode();
    node.storage.durable.set('live/a', 'damaged');
    await expect(node.open()).rejects.toThrow('damaged');
    expect(node.network).toBeUndefined();
  });
});

describe('invocations', () => {
  test('are counted until they are answered', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', put('a', 'a'));
    node.ask('second');
    expect(node.loop.inFlight).toBe(2);
    node.settle();
    expect(node.loop.inFlight).toBe(0);
  });

  test('may be answered by a later step', async () => {
    const node = await new ScriptedNode().open();
    let operation = 0;
    node.loop.invoke(
      (_, id) => (operation = id),
      (result) => node.log.push(result),
    );
    node.react = (_, effects) => effects.answer(operation, 'at last');
    node.settle();
    expect(node.log).toEqual([]);
    node.network.deliver('S2', 'reply');
    node.settle();
    expect(node.log).toEqual(['at last']);
  });

  test('may follow from an answer', async () => {
    const node = await new ScriptedNode().open();
    node.loop.invoke(
      (effects, id) => effects.answer(id, 'one'),
      () => node.ask('two', put('a', 'a')),
    );
    node.settle();
    expect(node.log).toEqual(['write a=a', 'answer two']);
  });
});

describe('those who watch', () => {
  test('the failpoints stand before the write, after it and after the release', async () => {
    const node = new ScriptedNode();
    await node.open({
      failpoints: {
        reached: (point, group) => {
          node.log.push(`${point} of ${group.length}`);
          for (const { input, output } of group) expect([input.kind, output.complete.length]).toEqual(['invoke', 1]);
        },
      },
    });
    node.ask('first', put('a', 'a'));
    node.ask('second', send('told'));
    node.settle();
    expect(node.log).toEqual([
      'before-write of 2',
      'write a=a',
      'after-write of 2',
      'send S2 told',
      'answer first',
      'answer second',
      'after-release of 2',
    ]);
  });

  test('a failpoint that throws is the end at that very point', async () => {
    for (const [at, log] of [
      ['before-write', []],
      ['after-write', ['write a=a']],
      ['after-release', ['write a=a', 'answer first']],
    ] as const) {
      const node = new ScriptedNode();
      const reached = (point: string): void => {
        if (point === at) throw new Error(point);
      };
      await node.open({ failpoints: { reached } });
      node.ask('first', put('a', 'a'));
      node.settle();
      node.network.deliver('S2', 'hello');
      node.settle();
      expect(node.log).toEqual(log);
      expect(node.fatal).toEqual([new Error(at)]);
    }
  });

  test('the observer sees what arrives, each step, each write and each release', async () => {
    const node = new ScriptedNode();
    const { log } = node;
    await node.open({
      observer: {
        received: (from, message, now) => log.push(`received ${message} from ${from} at ${now}`),
        stepped: (input, output, now) => log.push(`stepped ${input.kind} with ${output.persist.length} puts at ${now}`),
        written: (puts, ms) => log.push(`written ${puts} in ${ms} ms`),
        released: (output, input) => log.push(`released ${output.persist.length} puts of ${input.kind}`),
      },
    });
    node.react = (input, effects) => input.kind === 'deliver' && effects.put('heard', input.message);
    node.clock.moveTo(3);
    node.network.deliver('S2', 'hello');
    node.network.link('S2', true);
    node.clock.turn();
    node.clock.moveTo(10);
    node.settle();
    expect(log).toEqual([
      'received hello from S2 at 3',
      'stepped deliver with 1 puts at 3',
      'stepped link with 0 puts at 3',
      'write heard=hello',
      'written 1 in 7 ms',
      'released 1 puts of deliver',
      'released 0 puts of link',
    ]);
  });
});

test('a loop needs neither observer nor failpoints', async () => {
  const node = await new ScriptedNode().open();
  expect(node.loop).toBeInstanceOf(NodeLoop);
  node.ask('first', put('a', 'a'));
  node.settle();
  expect(node.fatal).toEqual([]);
});
