import { afterEach, expect, test } from '@jest/globals';
import { cleanup, render } from 'ink-testing-library';
import { App } from './app.js';
import { sizeOf } from './run-tui.js';
import type { Feed } from './feed.js';
import { Session } from './session.js';
import { after, cluster, five, noonMs, report } from './testing/bank.js';
import { NotedCommands } from './testing/commands.js';
import { emptyModel } from './model/model.js';
import type { Input } from './model/input.js';

afterEach(() => cleanup());

function open(isColoured = false) {
  let deliver: (inputs: readonly Input[]) => void = () => undefined;
  const feed: Feed = { start: (to) => ((deliver = to), () => undefined), want: () => undefined };
  let left = 0;
  const around = { save: async (name: string) => name, remember: () => undefined, leave: () => void left++ };
  const commands = new NotedCommands();
  const session = new Session({ feed, commands, ...around }, { columns: 100, rows: 23 });
  const app = render(<App session={session} theme={{ isColoured }} />);
  const tell = (...news: readonly Input['news'][]) => deliver(news.map((one) => ({ timeMs: noonMs, news: one })));
  return { session, commands, app, tell, left: () => left };
}

/** Ink takes keys and draws in turns of its own. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('draws what a session shows, in as many lines as it may', async () => {
  const { app, tell } = open();
  tell(cluster(), ...five.map((server) => report(server)));
  await until(() => app.lastFrame()!.includes('5 of 5 up'));
  expect(app.lastFrame()!.split('\n')).toHaveLength(23);
  expect(app.lastFrame()).toMatchSnapshot();
});

test('takes keys as a terminal sends them', async () => {
  const { app, tell, commands, session, left } = open();
  tell(cluster(), ...five.map((server) => report(server)));
  await until(() => app.lastFrame()!.includes('5 of 5 up'));
  const type = async (keys: string) => {
    app.stdin.write(keys);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await type('l');
  await until(() => app.lastFrame()!.includes('[l Ledger]'));
  for (const key of [':', 'c', 'r', 'a', '\t', 'S', '9', '\u007f', '2', '\r']) await type(key);
  await until(() => commands.given.length > 0);
  expect(commands.given).toEqual(['CrashServer S2']);
  await type('c');
  await type('\u001b[B');
  await until(() => app.lastFrame()!.includes('>S2'));
  expect(session.shown().ui.views.cluster.cursor).toBe(1);
  await type('\u0003');
  expect(left()).toBe(1);
});

test('no escape sequence is drawn without colours, and every one is ended with them', async () => {
  const plain = open();
  expect(plain.app.lastFrame()).not.toContain('\u001b[');
  const coloured = open(true);
  coloured.tell(cluster());
  await until(() => coloured.app.lastFrame()!.includes('\u001b['));
  expect(coloured.app.lastFrame()).toMatch(/\u001b\[(0|22|27|39)m$|[^m]$/);
});

test('a terminal that does not tell its size is taken for 80×24', () => {
  expect(sizeOf({})).toEqual({ columns: 80, rows: 23 });
  expect(after(emptyModel, cluster()).servers).toHaveLength(5);
});
