import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mostTelling } from './last-words.js';

/** How long a server may take to end by itself before it is killed. */
const gracefulStopMs = 5000;

/** One server as a process of its own, which never outlives this one. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #lastWords = '';
  #ending = false;
  /** Resolves when the process ends without being asked to: with its last word on stderr, or how it ended. */
  readonly ended: Promise<string>;

  /** Runs a module with the Node that runs this one. */
  constructor(module: string, args: readonly string[]) {
    const [command, ...rest] = [...dieWithParent(), process.execPath, module, ...args] as [string, ...string[]];
    this.#child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    const exit = new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    this.#exited = exit.then(() => undefined);
    this.ended = new Promise((resolve) => {
      void exit.then((how) => {
        // Who is killed had no time for a last word: what stands on stderr is about something else.
        const said = how === 'signal SIGKILL' ? undefined : mostTelling(this.#lastWords);
        if (!this.#ending) resolve(said ?? how);
      });
    });
  }

  /** Undefined while it runs, and if a signal ended it. */
  get exitCode(): number | undefined {
    return this.#child.exitCode ?? undefined;
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGSTOP: it stands still, with its connections open, and does not know. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  /** SIGCONT: it goes on where it stood. */
  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** SIGTERM, and SIGKILL if that does not end it in time. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGTERM');
    this.resume(); // a process that stands still would not end before it is killed
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), gracefulStopMs);
    await this.#exited;
    clearTimeout(timer);
  }
}

/** On Linux the kernel kills the server when this process dies, however it dies; elsewhere only a clean end does. */
function dieWithParent(): string[] {
  const setpriv = findOnPath('setpriv');
  return process.platform === 'linux' && setpriv ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
}

function findOnPath(name: string): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, name));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
