import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawn, type IPty } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process on a terminal of its own, whose screen can be read. */
export class Pty {
  readonly #process: IPty;
  readonly #terminal: Terminal;
  readonly #drawn = new EventTarget();
  readonly exit: Promise<{ readonly exitCode: number; readonly signal?: number }>;

  constructor(file: string, args: readonly string[], { columns = 80, rows = 24, env = {} }: PtyOptions = {}) {
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#process = spawn(process.execPath, [file, ...args], {
      cols: columns,
      rows,
      env: { ...inherited(), TERM: 'xterm-256color', ...env },
    });
    this.#process.onData((data) => this.#terminal.write(data, () => this.#drawn.dispatchEvent(new Event('drawn'))));
    this.exit = new Promise((resolve) => this.#process.onExit(resolve));
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

  /** Some character on the screen has a style. */
  get hasColours(): boolean {
    const { active } = this.#terminal.buffer;
    return this.screen.some((text, row) =>
      [...text].some((_, column) => {
        const cell = active.getLine(active.baseY + row)?.getCell(column);
        return cell !== undefined && !cell.isAttributeDefault();
      }),
    );
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

  /** Waits until the screen is as asked for. */
  async until(holds: (screen: readonly string[]) => boolean): Promise<void> {
    while (!holds(this.screen)) await once(this.#drawn, 'drawn');
  }

  shows(text: string): Promise<void> {
    return this.until((screen) => screen.some((line) => line.includes(text)));
  }

  /** Ends the process, if it still runs. */
  kill(): void {
    this.#process.kill('SIGKILL');
    this.#terminal.dispose();
  }
}

export const madeUp = fileURLToPath(new URL('./terminal.mjs', import.meta.url));

/** With CI set Ink draws nothing before it ends; the others are what the tests themselves run with. */
function inherited(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR']) delete env[name];
  return env;
}
