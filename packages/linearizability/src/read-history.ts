import { historyError, readEvent, type Event } from './event.js';
import type { History, Instant, Operation, Outcome, Tag, Value } from './operation.js';

/**
 * Reads a history, JSON lines (docs/formats.md), given whole or line by line. Blank lines and a byte
 * order mark are let pass. Throws `SynodError` `invalid_argument` that names the first wrong line.
 */
export function readHistory(text: string | Iterable<string>): History {
  const reader = new HistoryReader();
  for (const line of typeof text === 'string' ? text.split('\n') : text) reader.add(line);
  return reader.end();
}

/** Reads a history as its lines arrive, such as from a stream: `add` each of them, then `end`. */
export class HistoryReader {
  readonly #operations: Operation[] = [];
  readonly #processes = new Map<number | bigint, Process>();
  #line = 0;

  /** Takes the next line, with or without what ended it. */
  add(text: string): void {
    this.#line++;
    const line = (this.#line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
    if (line === '') return;
    const event = readEvent(line, this.#line);
    if (event.type === 'invoke') this.#invoke(event);
    else this.#end(event);
  }

  /** The operations in order of their last lines; those without an end have an unknown outcome. */
  end(): History {
    for (const process of this.#processes.values()) {
      if (process.open) this.#operations.push(unknownOutcome(process.open.event));
      process.open = undefined;
    }
    return this.#operations;
  }

  #invoke(event: Event): void {
    const { process: name, time } = event;
    const process = this.#processes.get(name) ?? { open: undefined, last: time, retiredAt: undefined };
    if (process.retiredAt !== undefined) {
      throw this.#error(`process ${name} was used up by the unknown outcome in line ${process.retiredAt}`);
    }
    if (process.open) throw this.#error(`process ${name} still runs what it invoked in line ${process.open.line}`);
    this.#advance(process, event);
    process.open = { event, line: this.#line };
    this.#processes.set(name, process);
  }

  #end(event: Event): void {
    const { process: name, type, time } = event;
    const process = this.#processes.get(name);
    if (!process?.open) throw this.#error(`process ${name} runs nothing that could end`);
    const { event: invoked, line } = process.open;
    if (invoked.f !== event.f) throw this.#error(`ends a ${event.f}, but line ${line} invoked a ${invoked.f}`);
    if (invoked.key !== event.key) throw this.#error(`names another key than its invocation in line ${line}`);
    if (event.f === 'write' && event.value !== null && event.value !== invoked.value) {
      throw this.#error(`names another value than its invocation in line ${line}`);
    }
    this.#advance(process, event);
    process.open = undefined;
    if (type === 'ok' || type === 'fail') {
      const value = event.f === 'read' ? event.value : invoked.value;
      this.#operations.push(operation(invoked, value, type, time, event.tag));
    } else {
      process.retiredAt = this.#line;
      this.#operations.push(unknownOutcome(invoked));
    }
  }

  #advance(process: Process, { process: name, time }: Event): void {
    if (time < process.last) throw this.#error(`time: ${time} is before ${process.last}, process ${name}'s last`);
    process.last = time;
  }

  #error(what: string): Error {
    return historyError(this.#line, what);
  }
}

interface Process {
  open: { readonly event: Event; readonly line: number } | undefined;
  last: Event['time'];
  /** The line of its unknown outcome. */
  retiredAt: number | undefined;
}

/** Written out: there are many of them, and copied field by field each would take its time. */
function operation(
  { process, f, key, time }: Event,
  value: Value,
  outcome: Outcome,
  end: Instant | undefined,
  tag: Tag | undefined,
): Operation {
  return { process, f, key, value, outcome, start: time, end, tag };
}

function unknownOutcome(invoked: Event): Operation {
  return operation(invoked, invoked.value, 'info', undefined, undefined);
}
