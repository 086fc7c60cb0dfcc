import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import type { Instance } from 'ink';
import type { Commands } from './commands.js';
import { divertOutput } from './divert-output.js';
import type { Feed } from './feed.js';
import { FrameCap } from './frame-cap.js';
import { appendHistory, readHistory } from './input/history-file.js';
import { Keyboard } from './keyboard.js';
import type { Size } from './layout/line.js';
import type { Input } from './model/input.js';
import { Session } from './session.js';
import { wholeFrames } from './whole-frames.js';

export interface TuiOptions {
  readonly feed: Feed;
  readonly commands: Commands;
  /** Where commands are remembered between runs; undefined: they are not. */
  readonly historyFile?: string;
  /** Where exported pictures go. Default: the current directory. */
  readonly directory?: string;
  /** Ends it, as `quit` would. */
  readonly signal?: AbortSignal;
  /** Default: those of the process. */
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[2J\u001b[H';
const clearScreen = '\u001b[2J\u001b[H';
const leaveScreen = '\u001b[?25h\u001b[?1049l';

/**
 * Shows the terminal until the person leaves it or the signal ends it. Restores the screen however the process ends,
 * but for SIGKILL. Rejects with `SynodError` `invalid_argument` where there is no terminal.
 */
export async function runTui(options: TuiOptions): Promise<void> {
  const { stdin = process.stdin, stdout = process.stdout, env = process.env, signal, historyFile } = options;
  if (!isTerminal(stdin, stdout)) {
    throw new SynodError('invalid_argument', 'the terminal interface needs a terminal for input and output');
  }
  const { drawApp } = await import('./draw-app.js'); // half of what the command line would load, for all but this
  const { promise: left, resolve: leave, reject: fail } = withResolvers();
  const session = new Session(
    {
      feed: options.feed,
      commands: options.commands,
      save: (name, text) => save(join(options.directory ?? process.cwd(), name), text),
      remember: (line) => historyFile !== undefined && appendHistory(historyFile, line),
      leave,
    },
    sizeOf(stdout),
    historyFile === undefined ? [] : readHistory(historyFile),
  );
  const keyboard = new Keyboard(stdin);
  const frames = wholeFrames(stdout);
  const draw = (): Instance => {
    const app = drawApp(session, { stdin: keyboard.forInk, stdout: frames, env });
    app.waitUntilExit().catch(fail);
    return app;
  };
  // What Ink believes to be on a terminal of another size is not there any more: it begins anew.
  const resized = new FrameCap(() => {
    app.unmount();
    stdout.write(clearScreen);
    session.resize(sizeOf(stdout));
    app = draw();
  });
  const onResize = () => resized.request();
  const restore = () => stdout.write(leaveScreen);
  const diverted = divertOutput((line) => session.deliver([printed(line)]));
  process.once('exit', restore);
  stdout.on('resize', onResize);
  signal?.addEventListener('abort', () => leave(), { once: true });
  if (signal?.aborted) leave();
  keyboard.take();
  stdout.write(enterScreen);
  let app = draw();
  try {
    await left;
  } finally {
    stdout.off('resize', onResize);
    resized.cancel();
    session.close();
    app.unmount();
    keyboard.giveBack();
    restore();
    process.off('exit', restore);
    diverted.restore();
  }
}

/** Whether there is one: otherwise the line menu is what people get. */
export function isTerminal(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): boolean {
  return Boolean(stdin.isTTY && stdout.isTTY) && typeof stdin.setRawMode === 'function';
}

/** What may be drawn on: Ink clears the whole screen at each frame that is as high as the terminal. */
export function sizeOf({ columns = 80, rows = 24 }: { readonly columns?: number; readonly rows?: number }): Size {
  return { columns, rows: rows - 1 };
}

async function save(path: string, text: string): Promise<string> {
  await writeFile(path, text, { flag: 'wx' });
  return path;
}

let lines = 0;

/** What this process itself wanted to print, as an event. */
function printed(message: string): Input {
  const timeMs = Date.now();
  const event = {
    sequence: ++lines,
    timeMs,
    server: 'here',
    level: 'warn',
    kind: 'output',
    message,
    fields: {},
  } as const;
  return { timeMs, news: { type: 'event', event, missed: 0 } };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onLeft, onFailed) => {
    resolve = onLeft;
    reject = onFailed;
  });
  return { promise, resolve, reject };
}
