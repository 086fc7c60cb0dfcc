import { createInterface } from 'node:readline';
import { toJson } from '@synod/client';
import { SynodError } from '@synod/kernel';
import type { Screen } from '../screen.js';
import type { SetResult } from '../play/run-result.js';
import type { CommandOptions } from './commands.js';
import type { Facts } from './facts.js';
import { helpLines, menuLines } from './menu-text.js';
import type { Operator } from './operator.js';
import { parseLine } from './parse.js';
import { render } from './render.js';

/** The line menu: one command a line, from a terminal or a pipe. */
export class Menu {
  readonly #operator: Operator;
  readonly #screen: Screen;

  constructor(operator: Operator, screen: Screen) {
    this.#operator = operator;
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
      const taken = await this.take(line);
      isBusy = false;
      if (taken !== 'nothing') given++;
      if (taken === 'quit') return given;
      prompt();
    }
    if (isTerminal) process.stdout.write('\n'); // what comes next does not belong behind the prompt
    return given;
  }

  /** Does what one line asks; what can not be done is said. Rejects with `cancelled` when the cluster is stopped. */
  async take(line: string): Promise<'done' | 'nothing' | 'quit'> {
    try {
      const parsed = parseLine(line, this.#operator.names);
      if (parsed.kind === 'nothing' || parsed.kind === 'quit') return parsed.kind;
      if (parsed.kind === 'help') this.#screen.print(...helpLines(this.#operator.names));
      else await this.#show(await parsed.command.run(this.#operator, parsed.values, parsed.options), parsed.options);
    } catch (error) {
      if (!(error instanceof SynodError) || error.code === 'cancelled') throw error;
      this.#screen.print(error.message);
    }
    return 'done';
  }

  /** Plays the next set and the commands behind it; undefined after the last. Rejects if the set can not be played. */
  async playSet(): Promise<SetResult | undefined> {
    const facts = await this.#operator.ledger.nextIteration();
    if (facts) await this.#show(facts, { json: false });
    return facts?.result;
  }

  printMenu(): void {
    this.#screen.print(...menuLines(this.#operator.names));
  }

  async #show(facts: Facts, { json }: CommandOptions): Promise<void> {
    if (json) this.#screen.print(toJson(plain(facts)));
    else this.#screen.print(...render(facts, (id) => this.#operator.shortId(id)));
    if (facts.kind !== 'set') return;
    for (const line of facts.commands) {
      this.#screen.print(`> ${line}`);
      await this.take(line);
    }
  }
}

/** Maps as plain objects, for JSON. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
