import { expect, test } from '@jest/globals';
import { historyPath } from './history-path.js';

test.each([
  [{ XDG_STATE_HOME: '/state' }, '/state/synod/history'],
  [{}, '/home/me/.local/state/synod/history'],
  [{ XDG_STATE_HOME: '' }, '/home/me/.local/state/synod/history'],
  [{ XDG_STATE_HOME: 'state' }, '/home/me/.local/state/synod/history'],
])('with %j the history is in %s', (env, path) => {
  expect(historyPath(env, '/home/me')).toBe(path);
});
