import { toJson } from '@synod/client';
import { SynodError } from '@synod/kernel';
import type { SetResult } from '../play/run-result.js';
import type { Command, CommandOptions } from './command.js';
import { commands } from './commands.js';
import type { Facts } from './facts.js';
import { runs, type KnownNames } from './known-names.js';
import { helpLines } from './menu-text.js';
import type { Operator } from './operator.js';
import { parseLine } from './parse.js';
import { render } from './render.js';

/** What became of a line: `failed` if it was not understood, or could not be done. */
export type Taken = 'done' | 'failed' | 'nothing' | 'quit';

/** Is told lines of text as they come. */
export type Tell = (...lines: readonly string[]) => void;

const forecasts = { help: 'tells every command', quit: 'leaves, and stops what was started here', nothing: '' };

/** From a line to lines, behind every face: it is parsed, done, and what was found is told. */
export class Interpreter {
  readonly #operator: Operator;

  constructor(operator: Operator) {
    this.#operator = operator;
  }

  get names(): KnownNames {
    return this.#operator.names;
  }

  /** The rows of the table that concern what runs here. */
  get commands(): readonly Command[] {
    return commands.filter(({ of }) => runs(of, this.names));
  }

  /** Why a command can not be used here, whatever stands behind it; undefined: it can. */
  whyUnavailable(command: Command): string | undefined {
    return command.unavailable?.(this.#operator);
  }

  /** What a line would do if it were given now, in one line; or what is wrong with it. Does nothing. */
  forecast(line: string): { readonly ok: boolean; readonly text: string } {
    try {
      const parsed = parseLine(line, this.names);
      if (parsed.kind !== 'command') return { ok: true, text: forecasts[parsed.kind] };
      return { ok: true, text: parsed.command.forecast(this.#operator, parsed.values) };
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      return { ok: false, text: error.message };
    }
  }

  /** Does what one line asks; what can not be done is told. Rejects with `cancelled` when the cluster is stopped. */
  async take(line: string, tell: Tell): Promise<Taken> {
    try {
      const parsed = parseLine(line, this.names);
      if (parsed.kind === 'nothing' || parsed.kind === 'quit') return parsed.kind;
      if (parsed.kind === 'help') tell(...helpLines(this.names));
      else {
        const { command, values, options } = parsed;
        await this.#show(await command.run(this.#operator, values, options), options, tell);
      }
      return 'done';
    } catch (error) {
      if (!(error instanceof SynodError) || error.code === 'cancelled') throw error;
      tell(error.message);
      return 'failed';
    }
  }

  /** Plays the next set and the commands behind it; undefined after the last. Rejects if the set can not be played. */
  async playSet(tell: Tell): Promise<SetResult | undefined> {
    const facts = await this.#operator.ledger.nextIteration();
    if (facts) await this.#show(facts, { json: false }, tell);
    return facts?.result;
  }

  /** `S1-3` of the file instead of the id on the wire. */
  shortId(id: string): string {
    return this.#operator.shortId(id);
  }

  async #show(facts: Facts, { json }: CommandOptions, tell: Tell): Promise<void> {
    if (json) tell(toJson(plain(facts)));
    else tell(...render(facts, (id) => this.shortId(id)));
    if (facts.kind !== 'set') return;
    for (const line of facts.commands) {
      tell(`> ${line}`);
      await this.take(line, tell);
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
