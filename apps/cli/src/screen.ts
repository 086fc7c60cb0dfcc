import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything goes that a person is shown: the terminal, and the output log of this run. */
export class Screen {
  readonly #log: number;
  readonly #toStderr: boolean;
  #hasProgress = false;
  #isClosed = false;
  /** Of the output log. */
  readonly path: string;

  /** `toStderr`: stdout belongs to JSON. Makes `output_<ddmmyyyy_hh_mm>.log` in `directory`. */
  constructor(directory: string, { toStderr }: { toStderr: boolean }) {
    this.#toStderr = toStderr;
    const { path, file } = createLog(directory, new Date());
    this.path = path;
    this.#log = file;
  }

  print(...lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    this.progress('');
    (this.#toStderr ? process.stderr : process.stdout).write(text);
    writeSync(this.#log, text);
  }

  /** Lines for the output log alone: the terminal shows them in its own way. */
  log(...lines: readonly string[]): void {
    if (this.#isClosed) return; // of a command that was under way when all was stopped
    writeSync(this.#log, lines.map((line) => `${line}\n`).join(''));
  }

  /** A line of input. A terminal shows it already; where it is piped in, it is shown like on one. */
  typed(line: string, isTerminal: boolean): void {
    const text = `> ${line}\n`;
    if (!isTerminal) process.stdout.write(text);
    writeSync(this.#log, text);
  }

  /** The result that other programs read: stdout, and the log. */
  result(text: string): void {
    process.stdout.write(`${text}\n`);
    writeSync(this.#log, `${text}\n`);
  }

  /** A line that is overwritten by whatever comes next; only on a terminal, never in the log. */
  progress(text: string): void {
    const stream = this.#toStderr ? process.stderr : process.stdout;
    if (!stream.isTTY || (text === '' && !this.#hasProgress)) return;
    stream.write(`\r\u001b[K${text}`);
    this.#hasProgress = text !== '';
  }

  close(): void {
    this.progress('');
    this.#isClosed = true;
    closeSync(this.#log);
  }
}

/** A name that is taken gets a suffix: two runs in one minute keep both logs. */
function createLog(directory: string, now: Date): { path: string; file: number } {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(now.getDate())}${two(now.getMonth() + 1)}${now.getFullYear()}`;
  const stem = join(directory, `output_${day}_${two(now.getHours())}_${two(now.getMinutes())}`);
  for (let suffix = 0; ; suffix++) {
    const path = suffix === 0 ? `${stem}.log` : `${stem}_${suffix}.log`;
    try {
      return { path, file: openSync(path, 'wx') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
