import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { launchedVariable, type Told } from './launched.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Colours off, cursor shown, the ordinary screen back. */
const restoreScreen = '\u001b[0m\u001b[?25h\u001b[?1049l';

/** Whether these arguments open the terminal interface here. Where they are wrong, the process they go to says so. */
export function opensTerminal(args: readonly string[]): boolean {
  const [command] = args;
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env[launchedVariable] !== undefined) return false;
  return (command === 'up' && !args.includes('--plain')) || command === 'tui';
}

/**
 * Runs `synod` as a child on this terminal: SIGKILL leaves a process no time to clean up, so somebody else must be there
 * who does. Returns its exit code, 128+n if a signal ended it.
 */
export async function launch(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // React keeps a record of every render for as long as the process lives, except in production.
    env: { NODE_ENV: 'production', ...process.env, [launchedVariable]: '1' },
  });
  const left: Required<Told> = { temporary: null, hasScreen: false };
  child.on('message', (told: Told) => Object.assign(left, told));
  passSignals(child);
  const { code, signal } = await exitOf(child);
  // That keys are echoed and taken line by line is restored by Node itself, at the end of this process.
  if (left.hasScreen) process.stdout.write(restoreScreen);
  if (left.temporary !== null) await rm(left.temporary, { recursive: true, force: true, maxRetries: 5 });
  if (signal === null) return code ?? 1;
  process.stderr.write(`synod: ended by ${signal}\n`);
  return 128 + constants.signals[signal];
}

/**
 * A terminal gives Ctrl-C to both processes: what is passed on as a message can not count twice. The second signal is
 * passed on as one, and ends the child at once.
 */
function passSignals(child: ChildProcess): void {
  const passed = new Set<NodeJS.Signals>();
  for (const signal of signals) {
    process.on(signal, () => {
      if (passed.has(signal) || !child.connected) child.kill(signal);
      else child.send({ signal });
      passed.add(signal);
    });
  }
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Unlike `exit`, this comes after the last message.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
