import { describe, expect, test } from '@jest/globals';
import { InvariantError } from './invariant.js';
import { ScriptedNode } from './testing/scripted-node.js';

/** Whether a promise is settled once all that is ready has run. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('stop', () => {
  test('an idle node stops at once', async () => {
    const node = await new ScriptedNode().open();
    expect(await settled(node.loop.stop())).toBe(true);
  });

  test('waits for what has arrived, what is being written and what gathers behind it', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', (effects) => effects.put('a', '1'));
    node.clock.turn();
    node.ask('second', (effects) => effects.put('b', '2'));
    node.clock.turn();
    node.ask('third', (effects) => effects.put('c', '3'));
    const stopped = node.loop.stop();
    node.storage.finish();
    expect(await settled(stopped)).toBe(false);
    node.clock.turn();
    node.storage.finish();
    expect(await settled(stopped)).toBe(false);
    node.storage.finish();
    expect(await settled(stopped)).toBe(true);
    expect(node.log.filter((line) => line.startsWith('answer'))).toEqual([
      'answer first',
      'answer second',
      'answer third',
    ]);
  });

  test('takes in what the machine still tells itself', async () => {
    const node = await new ScriptedNode().open();
    node.react = (input, effects) => input.kind === 'deliver' && effects.put('told', input.message);
    node.ask('first', (effects) => effects.to('S1', 'myself'));
    const stopped = node.loop.stop();
    node.settle();
    expect(await settled(stopped)).toBe(true);
    expect(node.storage.durable.get('told')).toBe('myself');
  });

  test('ends although the network never falls silent', async () => {
    const node = await new ScriptedNode().open();
    node.react = (_, effects) => effects.put('a', 'x');
    node.network.deliver('S2', 'before');
    node.clock.turn();
    const stopped = node.loop.stop();
    node.network.deliver('S2', 'after');
    node.network.link('S2', false);
    node.storage.finish();
    expect(await settled(stopped)).toBe(true);
    node.network.deliver('S2', 'late');
    expect(node.clock.turn()).toBe(false);
    expect(node.log).toEqual(['write a=x']);
  });

  test('asked twice, both wait', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', (effects) => effects.put('a', '1'));
    const both = [node.loop.stop(), node.loop.stop()];
    expect(await Promise.all(both.map(settled))).toEqual([false, false]);
    node.settle();
    expect(await Promise.all(both.map(settled))).toEqual([true, true]);
    expect(await settled(node.loop.stop())).toBe(true);
  });

  test('asked in the middle of a release, it still waits for the group behind', async () => {
    const node = await new ScriptedNode().open();
    let stopped: Promise<void> | undefined;
    node.loop.invoke(
      (effects, id) => {
        effects.put('a', '1');
        effects.answer(id, '');
      },
      () => {
        stopped = node.loop.stop();
      },
    );
    node.clock.turn();
    node.ask('second', (effects) => effects.put('b', '2'));
    node.clock.turn();
    node.storage.finish();
    expect(await settled(stopped!)).toBe(false);
    node.storage.finish();
    expect(await settled(stopped!)).toBe(true);
    expect(node.log).toEqual(['write a=1', 'write b=2', 'answer second']);
  });

  test('from then on an invocation is refused: it did not happen', async () => {
    const node = await new ScriptedNode().open();
    const stopped = node.loop.stop();
    const refused: unknown = expect.objectContaining({ code: 'unavailable', definite: true });
    expect(() => node.ask('late')).toThrow(refused);
    await stopped;
    expect(() => node.ask('later')).toThrow(refused);
  });
});

describe('a node that cannot go on', () => {
  test('a failed write is fatal once; what waited for it is not released, nor what follows', async () => {
    const node = await new ScriptedNode().open();
    const failure = new Error('disk full');
    node.ask('first', (effects) => effects.put('a', '1'));
    node.clock.turn();
    node.ask('second', (effects) => effects.put('b', '2'));
    node.clock.turn();
    node.storage.finish(failure);
    node.network.deliver('S2', 'hello');
    node.settle();
    expect(node.log).toEqual(['write a=1']);
    expect(node.fatal).toEqual([failure]);
    expect(() => node.ask('third')).toThrow('stopping');
  });

  test('a machine that throws takes its whole turn with it, and the write in flight is not released', async () => {
    const node = new ScriptedNode();
    node.wakeAt = 1000;
    await node.open();
    node.ask('durable', (effects) => effects.put('a', '1'));
    node.clock.turn();
    node.ask('same turn', (effects) => effects.put('b', '2'));
    node.ask('broken', () => {
      throw new InvariantError('broken');
    });
    node.ask('after', (effects) => effects.put('c', '3'));
    node.settle();
    expect(node.log).toEqual(['write a=1']);
    expect(node.fatal).toEqual([new InvariantError('broken')]);
    expect(node.clock.alarms.size).toBe(0);
  });

  test.each(['with a write', 'without one'])('a caller whose `done` throws is fatal, in a group %s', async (kind) => {
    const node = await new ScriptedNode().open();
    node.loop.invoke(
      (effects, id) => {
        if (kind === 'with a write') effects.put('a', '1');
        effects.answer(id, '');
      },
      () => {
        throw new Error('caller');
      },
    );
    node.ask('behind it');
    node.settle();
    expect(node.fatal).toEqual([new Error('caller')]);
    expect(node.log.filter((line) => line.startsWith('answer'))).toEqual([]);
  });

  test('an answer that nobody waits for is a broken invariant', async () => {
    const node = await new ScriptedNode().open();
    node.ask('twice', (effects) => effects.answer(1, 'once'));
    node.settle();
    expect(node.log).toEqual(['answer once']);
    expect(node.fatal).toEqual([expect.any(InvariantError)]);
  });

  test('a node that fails while it stops has stopped', async () => {
    const node = await new ScriptedNode().open();
    node.ask('first', (effects) => effects.put('a', '1'));
    const stopped = node.loop.stop();
    node.clock.turn();
    node.storage.finish(new Error('disk full'));
    await stopped;
    expect(node.fatal).toHaveLength(1);
  });
});
