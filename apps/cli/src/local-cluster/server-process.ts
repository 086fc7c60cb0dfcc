import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { NodeId } from '@synod/kernel';
import { mostTelling } from './last-words.js';

export interface ServerProcessOptions {
  readonly id: NodeId;
  readonly configFile: string;
  /** Its own data directory. */
  readonly directory: string;
  readonly flags: readonly string[];
}

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

  constructor({ id, configFile, directory, flags }: ServerProcessOptions) {
    const server = [process.execPath, serverBin(), '--config', configFile, '--id', id, '--data', directory];
    server.push('--allow-faults', ...flags);
    const [command, ...args] = [...dieWithParent(), ...server] as [string, ...string[]];
    this.#child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
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
        if (!this.#ending) resolve(mostTelling(this.#lastWords) ?? how);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGTERM, and SIGKILL if that does not end it in time. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), gracefulStopMs);
    await this.#exited;
    clearTimeout(timer);
  }
}

function serverBin(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@synod/paxos-server/package.json')), 'bin', 'synod-paxos-server.js');
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
