import { createInterface } from 'node:readline';
import type { Screen } from '../screen.js';
import type { SetResult } from '../play/run-result.js';
import type { Interpreter, Tell } from './interpreter.js';
import { menuLines } from './menu-text.js';

/** The line menu: one command a line, from a terminal or a pipe. */
export class Menu {
  readonly #interpreter: Interpreter;
  readonly #screen: Screen;
  readonly #tell: Tell = (...lines) => this.#screen.print(...lines);

  constructor(interpreter: Interpreter, screen: Screen) {
    this.#interpreter = interpreter;
    this.#screen = screen;
  }

  /** Takes lines until `quit` or the end of the input. Returns how many commands were given. */
  async run(input: NodeJS.ReadableStream, isTerminal: boolean): Promise<number> {
    const lines = createInterface({ input, output: isTerminal ? process.stdout : undefined, terminal: isTerminal });
    let isBusy = false;
    // Ctrl-C leaves the menu; during a command it is a signal as it would be without the line editor.
    lines.on('SIGINT', () => (isBusy ? process.kill(process.pid, 'SIGINT') : lines.close()));
    const prompt = () => isTerminal && lines.prompt();
    let given = 0;
    prompt();
    for await (const line of lines) {
      this.#screen.typed(line, isTerminal);
      isBusy = true;
      const taken = await this.#interpreter.take(line, this.#tell);
      isBusy = false;
      if (taken !== 'nothing') given++;
      if (taken === 'quit') return given;
      prompt();
    }
    if (isTerminal) process.stdout.write('\n'); // what comes next does not belong behind the prompt
    return given;
  }

  /** Plays the next set and the commands behind it; undefined after the last. Rejects if the set can not be played. */
  playSet(): Promise<SetResult | undefined> {
    return this.#interpreter.playSet(this.#tell);
  }

  printMenu(): void {
    this.#screen.print(...menuLines(this.#interpreter.names));
  }
}
