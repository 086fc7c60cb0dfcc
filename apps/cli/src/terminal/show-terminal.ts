import { homedir } from 'node:os';
import { connect, type ServerAddress } from '@synod/client';
import { clusterFeed, mergeFeeds, runTui, type Feed } from '@synod/tui';
import { tellLauncher } from '../launch/launched.js';
import type { Interpreter } from '../menu/interpreter.js';
import type { Screen } from '../screen.js';
import { historyPath } from './history-path.js';
import { TerminalCommands } from './terminal-commands.js';

/**
 * A server that stands still so long is shown as silent. What is played has connections of its own, for which a server
 * that is only busy is not gone so soon.
 */
const lifeSignMs = 4000;

export interface ShownTerminal {
  readonly interpreter: Interpreter;
  /** What is followed. */
  readonly clusters: readonly { readonly id: string; readonly servers: readonly ServerAddress[] }[];
  /** What this process knows beside. */
  readonly local: Feed;
  /** Nothing but its output log is written to before this is over. */
  readonly screen: Screen;
  /** Ends it when it rejects. */
  readonly interrupted: Promise<never>;
}

/** Shows the terminal interface until the person leaves it. */
export async function showTerminal(shown: ShownTerminal): Promise<void> {
  const { interpreter, clusters, local, screen, interrupted } = shown;
  const leave = new AbortController();
  interrupted.catch(() => leave.abort());
  const clients = clusters.map(({ id, servers }) => connect({ cluster: id, servers, lifeSignMs }));
  const shortId = (id: string) => interpreter.shortId(id);
  const feeds = clients.map((client) => clusterFeed(client, { shortId }));
  screen.progress('');
  tellLauncher({ hasScreen: true });
  try {
    await runTui({
      feed: mergeFeeds(...feeds, local),
      commands: new TerminalCommands(interpreter, screen),
      historyFile: historyPath(process.env, homedir()),
      signal: leave.signal,
    });
  } finally {
    tellLauncher({ hasScreen: false });
    for (const client of clients) client.close();
  }
}
