import { homedir } from 'node:os';
import { runTui, type Feed } from '@synod/tui';
import { tellLauncher } from '../launch/launched.js';
import type { Interpreter } from '../menu/interpreter.js';
import type { Screen } from '../screen.js';
import { historyPath } from './history-path.js';
import { TerminalCommands } from './terminal-commands.js';

export interface ShownTerminal {
  readonly interpreter: Interpreter;
  readonly feed: Feed;
  /** Nothing but its output log is written to before this is over. */
  readonly screen: Screen;
  /** Ends it when it rejects. */
  readonly interrupted: Promise<never>;
}

/** Shows the terminal interface until the person leaves it. */
export async function showTerminal({ interpreter, feed, screen, interrupted }: ShownTerminal): Promise<void> {
  const leave = new AbortController();
  interrupted.catch(() => leave.abort());
  screen.progress('');
  tellLauncher({ hasScreen: true });
  try {
    await runTui({
      feed,
      commands: new TerminalCommands(interpreter, screen),
      historyFile: historyPath(process.env, homedir()),
      signal: leave.signal,
    });
  } finally {
    tellLauncher({ hasScreen: false });
  }
}
