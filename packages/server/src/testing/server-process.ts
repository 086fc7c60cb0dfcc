import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const setpriv = '/usr/bin/setpriv';

/** A line of the server's log, as far as tests look at it. */
export interface LogLine {
  readonly kind: string;
  readonly msg: string;
  readonly [field: string]: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server's command that runs, or has run. It does not outlive this process where the system can see to that. */
export class ServerProcess {
  readonly log: LogLine[] = [];
  readonly exit: Promise<Exit>;
  /** What standard output held besides the log. */
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  #ended: Exit | undefined;

  /** `bin`: the command's file. `within`: a command that runs the server, before the server's own. */
  constructor(bin: string, args: readonly string[], within: readonly string[] = []) {
    const dieWithParent = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
    const [command, ...rest] = [...dieWithParent, ...within, process.execPath, bin, ...args];
    this.#child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine);
      else this.stdout += `${line}\n`;
      this.#changed.emit('change');
    });
    this.exit = once(this.#child, 'close').then(([code, signal]) => {
      this.#ended = { code: code as Exit['code'], signal: signal as Exit['signal'] };
      this.#changed.emit('change');
      return this.#ended;
    });
  }

  /** Memory that it holds now, and the most it ever held, bytes, as Linux tells it. */
  async memory(): Promise<{ readonly now: number; readonly most: number }> {
    const text = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    const of = (field: string): number => Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
    return { now: of('VmRSS'), most: of('VmHWM') };
  }

  /** The first line of the log of this kind, when it comes. Rejects if the process ends before. */
  async logged(kind: string): Promise<LogLine> {
    for (;;) {
      const line = this.log.find((candidate) => candidate.kind === kind);
      if (line) return line;
      if (this.#ended) throw new Error(`ended before ${kind}: ${JSON.stringify(this.#ended)} ${this.stderr}`);
      await once(this.#changed, 'change');
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    this.#child.kill(signal);
    return this.exit;
  }

  async close(): Promise<void> {
    await this.kill();
  }
}
