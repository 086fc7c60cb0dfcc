import { expect, test } from '@jest/globals';
import { Effects } from './machine.js';

interface Words {
  command: string;
  result: string;
  message: { readonly text: string };
  record: string;
}

test('collects what a step does, each kind in the order it was said', () => {
  const effects = new Effects<Words>();
  effects.put('a', '1');
  effects.to('S2', { text: 'first' });
  effects.put('b', undefined);
  effects.answer(7, 'yes');
  effects.toAll(['S3', 'S1'], { text: 'all' });
  expect(effects).toEqual({
    persist: [
      { key: 'a', value: '1' },
      { key: 'b', value: undefined },
    ],
    send: [
      { to: 'S2', message: { text: 'first' } },
      { to: 'S3', message: { text: 'all' } },
      { to: 'S1', message: { text: 'all' } },
    ],
    complete: [{ id: 7, result: 'yes' }],
  });
});

test('toAll sends one and the same object, so that a transport can encode it once', () => {
  const effects = new Effects<Words>();
  effects.toAll(new Set(['S1', 'S2']), { text: 'all' });
  expect(effects.send[0]!.message).toBe(effects.send[1]!.message);
});
