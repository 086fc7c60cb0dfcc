import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pty, type PtyOptions } from '@synod/pty';

const bin = fileURLToPath(new URL('../../bin/synod.js', import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A temporary folder in which a test runs the real `synod`, and which leaves nothing behind. */
export class Workbench {
  readonly folder: string;
  readonly #started: Synod[] = [];
  readonly #opened: Pty[] = [];

  static async make(): Promise<Workbench> {
    return new Workbench(await mkdtemp(join(tmpdir(), 'synod-cli-')));
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** What lies in the folder, in order of the names; temporary data of clusters would too. */
  files(): string[] {
    return readdirSync(this.folder).sort();
  }

  /** All output logs, in order of their names. */
  logs(): string[] {
    const names = this.files().filter((name) => name.startsWith('output_'));
    return names.map((name) => this.read(name));
  }

  start(...args: readonly string[]): Synod {
    const synod = new Synod(args, this.folder);
    this.#started.push(synod);
    return synod;
  }

  /** Runs on a terminal of its own, in a shell that tells the exit code and how the terminal takes keys, and ends at the next line. */
  open(...args: readonly string[]): Pty {
    return this.openOn({}, ...args);
  }

  /** As `open`, on a terminal of another size, or with more in its environment. */
  openOn(terminal: Pick<PtyOptions, 'columns' | 'rows' | 'env'>, ...args: readonly string[]): Pty {
    return this.openShell(terminal, ['synod', ...args.map((word) => `'${word}'`)].join(' '));
  }

  /** As `open`, for a command line in which `synod` is what is tested. */
  openShell(terminal: Pick<PtyOptions, 'columns' | 'rows' | 'env'>, command: string): Pty {
    const env = { TMPDIR: this.folder, XDG_STATE_HOME: join(this.folder, 'state'), ...terminal.env };
    const synod = `synod() { '${process.execPath}' '${bin}' "$@"; }`;
    // A shell that ended while the machine is busy would take with it what nobody has read yet.
    const script = `${synod}; ${command}; echo "code $?"; stty -a; read -r _`;
    const pty = new Pty('sh', ['-c', script], { ...terminal, directory: this.folder, env });
    this.#opened.push(pty);
    return pty;
  }

  /** Runs to the end, with nothing to read. */
  async run(...args: readonly string[]): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
    const synod = this.start(...args);
    synod.end();
    const exit = await synod.exit;
    return { ...exit, stdout: synod.stdout, stderr: synod.stderr };
  }

  /** Ids of the server processes that run on data of this folder. */
  servers(): number[] {
    return this.#serverProcesses().map(({ pid }) => pid);
  }

  /** Id of the process of one of them. */
  server(id: string): number {
    const ofServer = this.#serverProcesses().find(({ args }) => args.includes(`/${id} `));
    if (!ofServer) throw new Error(`no process of ${id} runs`);
    return ofServer.pid;
  }

  /** Id of the process that started them: the one that holds them. */
  keeper(): number {
    return parentOf(this.servers()[0]!);
  }

  /** Id of the process that launched that one, on a terminal. */
  launcher(): number {
    return parentOf(this.keeper());
  }

  #serverProcesses(): readonly Process[] {
    const ofThisFolder = ({ args }: Process) =>
      /synod-(paxos|register)-server/.test(args) && args.includes(this.folder);
    return processes().filter(ofThisFolder);
  }

  /** Waits until no server is left: the children of a process that was killed are gone a moment later. */
  async untilNoServers(): Promise<void> {
    while (this.servers().length > 0) await pause(20);
  }

  /** Ends whatever still runs, and removes the folder. */
  async close(): Promise<void> {
    for (const synod of this.#started) await synod.kill('SIGKILL');
    for (const pty of this.#opened) pty.kill();
    for (const pid of this.servers()) process.kill(pid, 'SIGKILL');
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One `synod` command that runs, or has run. */
export class Synod {
  stdout = '';
  stderr = '';
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #questions = 0;
  #ended: Exit | undefined;

  constructor(args: readonly string[], folder: string) {
    // Clusters without --data keep theirs in the folder too.
    const env = { ...process.env, TMPDIR: folder };
    this.#child = spawn(process.execPath, [bin, ...args], { cwd: folder, env, stdio: 'pipe' });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#took('stdout', text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#took('stderr', text));
    this.#child.stdin!.on('error', () => {}); // it may have ended already
    this.exit = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#ended = { code, signal };
        resolve(this.#ended);
        for (const check of [...this.#waiting]) check();
      });
    });
  }

  /** Types one line. */
  type(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** The input ends here. */
  end(): void {
    this.#child.stdin!.end();
  }

  /** Closes the other end of stdout. */
  stopReading(): void {
    this.#child.stdout!.destroy();
  }

  /** Types a line and returns what is shown for it, without the line. A command that does not exist marks the end. */
  async ask(line: string): Promise<string> {
    const mark = `mark${++this.#questions}`;
    const from = this.stdout.length;
    this.type(line);
    this.type(mark);
    await this.shows(`unknown command "${mark}"`);
    const shown = this.stdout.slice(from);
    return shown.slice(shown.indexOf(`> ${line}\n`) + `> ${line}\n`.length, shown.indexOf(`> ${mark}\n`)).trimEnd();
  }

  /** Resolves when stdout, or stderr, holds `text`; rejects if the command ends without. */
  async shows(text: string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    while (!this[stream].includes(text)) {
      const { code, signal } = this.#ended ?? {};
      if (this.#ended) throw new Error(`ended (${code ?? signal}) without ${text}: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        const check = () => {
          this.#waiting.delete(check);
          resolve();
        };
        this.#waiting.add(check);
      });
    }
  }

  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.exit;
  }

  #took(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const check of [...this.#waiting]) check();
  }
}

interface Process {
  readonly pid: number;
  /** Its command line. */
  readonly args: string;
}

function parentOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
}

function processes(): Process[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => ({ pid: Number.parseInt(line), args: line }));
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return { pid: Number(pid), args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
    } catch {
      return []; // it ended meanwhile
    }
  });
}
