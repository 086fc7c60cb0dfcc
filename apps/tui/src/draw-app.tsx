import { render, type Instance } from 'ink';
import { App } from './app.js';
import { maxFps } from './frame-cap.js';
import type { Session } from './session.js';
import { themeOf } from './theme.js';

/** Where the app is drawn, and read from. */
export interface Surface {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Draws the session until it is unmounted. */
export function drawApp(session: Session, { stdin, stdout, env }: Surface): Instance {
  return render(<App session={session} theme={themeOf(env)} />, {
    stdin,
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps,
    incrementalRendering: true,
  });
}
