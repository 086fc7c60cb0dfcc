import { once } from 'node:events';
import { spawn, type IPty } from '@lydell/node-pty';
// CommonJS, whose names Node does not see.
import xterm from '@xterm/headless';
import { isSame, lookOf, plain, type Piece } from './piece.js';

export interface PtyOptions {
  /** Default 80. */
  readonly columns?: number;
  /** Default 24. */
  readonly rows?: number;
  /** Default: the current one. */
  readonly directory?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process on a terminal of its own, whose screen can be read. */
export class Pty {
  readonly #process: IPty;
  readonly #terminal: xterm.Terminal;
  readonly #drawn = new EventTarget();
  #hasEnded = false;
  readonly exit: Promise<{ readonly exitCode: number; readonly signal?: number }>;

  /** Runs a program that is found on the path, or by its path. */
  constructor(program: string, args: readonly string[], options: PtyOptions = {}) {
    const { columns = 80, rows = 24, directory, env = {} } = options;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#process = spawn(program, [...args], {
      cols: columns,
      rows,
      cwd: directory,
      env: { ...inherited(), TERM: 'xterm-256color', ...env },
    });
    this.#process.onData((data) => this.#terminal.write(data, () => this.#drawn.dispatchEvent(new Event('drawn'))));
    this.exit = new Promise((resolve) => {
      this.#process.onExit((exit) => {
        this.#hasEnded = true;
        resolve(exit);
        this.#drawn.dispatchEvent(new Event('drawn'));
      });
    });
  }

  /** Of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** The lines of the screen, without the spaces at their ends. */
  get screen(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, i) => {
      return (
        active
          .getLine(active.baseY + i)
          ?.translateToString(true)
          .trimEnd() ?? ''
      );
    });
  }

  /** The same lines in pieces that look alike. */
  get pieces(): Piece[][] {
    const { active } = this.#terminal.buffer;
    return this.screen.map((text, row) => {
      const line = active.getLine(active.baseY + row);
      const pieces: Piece[] = [];
      for (let at = 0; at < text.length; at++) {
        const look = lookOf(line?.getCell(at));
        const last = pieces.at(-1);
        if (last && isSame(last, look)) pieces[pieces.length - 1] = { ...last, text: last.text + text[at]! };
        else pieces.push({ at, text: text[at]!, ...look });
      }
      return pieces;
    });
  }

  /** Some character on the screen has a style. */
  get hasColours(): boolean {
    return this.pieces.some((line) => line.some((piece) => !isSame(piece, plain)));
  }

  /** The screen that programs get which fill it, and give back. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  press(keys: string): void {
    this.#process.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  /**
   * Waits until the screen is as asked for; rejects, with the screen, if the process ends and it is not. A frame that a
   * program draws as synchronized output is looked at when it is whole.
   */
  async until(holds: (screen: readonly string[]) => boolean): Promise<void> {
    while (this.#terminal.modes.synchronizedOutputMode || !holds(this.screen)) {
      if (this.#hasEnded) {
        await this.#parsed();
        if (holds(this.screen)) return;
        throw new Error(`it ended with another screen:\n${this.screen.join('\n')}`);
      }
      await once(this.#drawn, 'drawn');
    }
  }

  shows(text: string): Promise<void> {
    return this.until((screen) => screen.some((line) => line.includes(text)));
  }

  /** Ends the process, if it still runs. */
  kill(): void {
    this.#process.kill('SIGKILL');
    this.#terminal.dispose();
  }

  /** What was written before this is on the screen. */
  #parsed(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }
}

/** Many programs draw nothing with CI set; the others are what the tests themselves run with. */
function inherited(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR']) delete env[name];
  return env;
}
