import type { CommandOutcome, CommandRow, Commands } from '@synod/tui';
import { usage, type Command } from '../menu/command.js';
import type { Interpreter } from '../menu/interpreter.js';
import { choicesFor } from '../menu/known-names.js';
import type { Screen } from '../screen.js';

/** The commands of the menu, as the terminal takes them. What is given and found also goes to the output log. */
export class TerminalCommands implements Commands {
  readonly #interpreter: Interpreter;
  readonly #screen: Screen;

  constructor(interpreter: Interpreter, screen: Screen) {
    this.#interpreter = interpreter;
    this.#screen = screen;
  }

  get rows(): readonly CommandRow[] {
    return this.#interpreter.commands.map((command) => this.#row(command));
  }

  check(line: string): { readonly ok: boolean; readonly text: string } {
    return this.#interpreter.forecast(line);
  }

  async run(line: string): Promise<CommandOutcome> {
    const lines: string[] = [];
    const failed = await this.#take(line, lines);
    // Several commands may be under way: what belongs together stands together.
    this.#screen.log(`> ${line}`, ...lines);
    return { failed, lines };
  }

  async #take(line: string, lines: string[]): Promise<boolean> {
    try {
      return (await this.#interpreter.take(line, (...more) => lines.push(...more))) === 'failed';
    } catch (error) {
      // Commands that are under way when the servers are stopped end so; anything else is a mistake in the program.
      lines.push(...String(error instanceof Error ? error.stack : error).split('\n'));
      return true;
    }
  }

  #row(command: Command): CommandRow {
    const { number, name, summary, arguments: expected } = command;
    return {
      number,
      name,
      usage: usage(command),
      summary,
      unavailable: this.#interpreter.whyUnavailable(command),
      choices: (at) => {
        const argument = expected[at];
        if (!argument) return [];
        const names = choicesFor(argument.kind, this.#interpreter.names);
        return argument.all ? [...names, 'all'] : names;
      },
    };
  }
}
