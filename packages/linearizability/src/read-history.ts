import { historyError, readEvent, type Event } from './event.js';
import { EventScanner } from './event-scanner.js';
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

/**
 * Only LF ends a line, and CR LF, whose CR is white space in JSON: U+2028, at which others end lines too, may stand in
 * JSON as it is.
 */
const lineFeed = 0x0a;

/**
 * Reads a history as it arrives, such as from a stream: `addBytes` as they come, or `add` each of its lines, then `end`.
 * The bytes of a file that Synod has recorded are read several times as fast as its lines.
 */
export class HistoryReader {
  readonly #operations: Operation[] = [];
  readonly #processes = new Map<number | bigint, Process>();
  readonly #scanner = new EventScanner();
  /** Bytes behind the last line break. */
  #rest: Uint8Array[] = [];
  #line = 0;

  /** Takes the next bytes, UTF-8, wherever they are cut. */
  addBytes(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const lines = Buffer.concat([...this.#rest, bytes.subarray(0, end)]);
      this.#rest = [];
      this.#addLines(lines);
    }
    if (end < bytes.length) this.#rest.push(Buffer.from(bytes.subarray(end)));
  }

  /** Takes the next line, with or without what ended it. */
  add(text: string): void {
    this.#line++;
    const line = (this.#line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
    if (line !== '') this.#take(readEvent(line, this.#line));
  }

  /** The operations in order of their last lines; those without an end have an unknown outcome. */
  end(): History {
    if (this.#rest.length > 0) this.add(Buffer.concat(this.#rest.splice(0)).toString());
    for (const process of this.#processes.values()) {
      if (process.open) this.#operations.push(unknownOutcome(process.open.event));
      process.open = undefined;
    }
    return this.#operations;
  }

  /** `lines`: whole ones. */
  #addLines(lines: Buffer): void {
    for (let at = 0; at < lines.length;) {
      const event = this.#scanner.scan(lines, at);
      if (event === undefined) {
        const end = lines.indexOf(lineFeed, at);
        this.add(lines.toString('utf8', at, end));
        at = end + 1;
      } else {
        this.#line++;
        this.#take(event);
        at = this.#scanner.end;
      }
    }
  }

  #take(event: Event): void {
    if (event.type === 'invoke') this.#invoke(event);
    else this.#end(event);
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
