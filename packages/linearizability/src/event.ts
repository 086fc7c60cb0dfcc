import { SynodError } from '@synod/kernel';
import type { Instant, Operation, Outcome, Tag, Value } from './operation.js';

/** One line of a history (docs/formats.md). */
export interface Event {
  readonly process: number | bigint;
  readonly type: 'invoke' | Outcome;
  readonly f: Operation['f'];
  readonly key: string;
  readonly value: Value;
  readonly time: Instant;
  readonly tag: Tag | undefined;
}

/** Reads one line. Throws `SynodError` `invalid_argument`; `line` begins its message. Unknown fields are let pass. */
export function readEvent(text: string, line: number): Event {
  const record = readObject(text, line);
  const type = readWord(record, 'type', ['invoke', 'ok', 'fail', 'info'], line);
  const { key, tag } = record;
  if (typeof key !== 'string') throw malformed(line, 'key', key, 'text');
  if (tag !== undefined && type !== 'ok') throw historyError(line, `tag: stands on ok only, not on ${type}`);
  return {
    process: readWhole(record.process, 'process', line),
    type,
    f: readWord(record, 'f', ['read', 'write'], line),
    key,
    value: readValue(record.value, line),
    time: readWhole(record.time, 'time', line),
    tag: tag === undefined ? undefined : readTag(tag, line),
  };
}

/** `line 3: what`, as an error. */
export function historyError(line: number, what: string): SynodError {
  return new SynodError('invalid_argument', `line ${line}: ${what}`);
}

function readObject(text: string, line: number): Record<string, unknown> {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw historyError(line, `is not JSON (${(error as Error).message})`);
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw historyError(line, 'is not a JSON object');
  }
  return record as Record<string, unknown>;
}

function readWord<W extends string>(record: Record<string, unknown>, field: string, words: W[], line: number): W {
  const word = words.find((it) => it === record[field]);
  if (word === undefined) throw malformed(line, field, record[field], words.join(', '));
  return word;
}

/** Whole numbers above 2^53-1 are decimal text; as JSON numbers they would have been rounded already. */
function readWhole(value: unknown, field: string, line: number): number | bigint {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  if (typeof value !== 'string' || !/^(?:0|[1-9]\d*)$/.test(value)) {
    throw malformed(line, field, value, 'a whole number (decimal text above 2^53-1)');
  }
  const exact = BigInt(value);
  return exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : exact;
}

function readValue(value: unknown, line: number): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const exact = typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value));
  if (!exact || !Number.isFinite(value)) {
    throw malformed(line, 'value', value, 'text, true, false, null or a number (decimal text above 2^53-1)');
  }
  return value;
}

function readTag(tag: unknown, line: number): Tag {
  const [counter, writer, ...more] = Array.isArray(tag) ? (tag as unknown[]) : [];
  if (typeof writer !== 'string' || more.length > 0) throw malformed(line, 'tag', tag, '[counter, "writer"]');
  return [readWhole(counter, 'tag[0]', line), writer];
}

function malformed(line: number, field: string, value: unknown, expected: string): SynodError {
  if (value === undefined) return historyError(line, `${field}: is missing: write ${expected}`);
  const written = JSON.stringify(value);
  const shown = written.length > 80 ? `${written.slice(0, 80)}…` : written;
  return historyError(line, `${field}: ${shown} is not ${expected}`);
}
