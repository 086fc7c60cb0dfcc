// Processes that a comparison starts: on loopback, each ended by its own id, none outlives this program.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** Runs until `stop`. `options.uid` and `options.gid`: as whom. */
export class Service {
  #command;
  #child;
  #exited;
  #output = '';

  constructor(command, args, options = {}) {
    this.#command = [command, ...args].join(' ');
    this.#child = spawn('setpriv', [...asWhom(options), '--pdeathsig', 'KILL', '--', command, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (text) => (this.#output = (this.#output + text).slice(-2000)));
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}: ${this.#output}`));
    });
  }

  /** Rejects if it ends before `ready` resolves. */
  async until(ready) {
    const ended = this.#exited.then((how) => {
      throw new Error(`${this.#command} ${how}`);
    });
    await Promise.race([ready, ended]);
  }

  async stop(signal = 'SIGTERM') {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#exited;
    clearTimeout(timer);
  }
}

/** Runs a command to its end. Rejects with what it said if it fails; resolves with what it printed. */
export function run(command, args, options = {}) {
  const { uid } = options;
  const [first, ...rest] =
    uid === undefined ? [command, ...args] : ['setpriv', ...asWhom(options), '--', command, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(first, rest, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${code}: ${(stderr || stdout).slice(-2000)}`));
    });
  });
}

/** Flags of setpriv. Who becomes another user forgets a signal that was asked for before: all in one call. */
function asWhom({ uid, gid }) {
  return uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/** Below those that the system gives to outgoing connections, one of which could take a port before a server does. */
const lowestPort = 10_000;
const highestPort = 32_767;

/** Ports of the loopback interface that nobody listens on right now. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = randomInt(lowestPort, highestPort + 1);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Where a program is; undefined: not installed. */
export function findProgram(name, folders = []) {
  const files = [...folders, ...(process.env.PATH ?? '').split(delimiter)].map((folder) => join(folder, name));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Debian keeps those of PostgreSQL apart, by version; the highest first. */
export function postgresFolders() {
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join('/usr/lib/postgresql', version, 'bin'));
  } catch {
    return [];
  }
}

/** Rejects with the last problem if it is not so in time. */
export async function until(isSo, what, patienceMs = 30_000) {
  const end = Date.now() + patienceMs;
  let problem;
  while (!(await isSo().catch((error) => void (problem = error)))) {
    if (Date.now() > end) throw new Error(`${what}: not so after ${patienceMs / 1000} s`, { cause: problem });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
