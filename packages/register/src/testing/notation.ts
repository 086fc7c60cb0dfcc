import { invariant } from '@synod/kernel';
import { pack, unpack, type Cell, type KeyedCell } from '../cell.js';
import { noMark, type Mark, type Replacement } from '../configuration.js';
import type { Incarnation } from '../incarnation.js';
import type { Item, RegisterMessage, RequestId, ValueItem } from '../messages.js';
import type { RegisterRecord } from '../records.js';
import { nameInKey } from '../records.js';
import { life } from './lone-node.js';

/**
 * The compact text in which scenarios write messages and records. Incarnations are `i1`, `i2`; a request is `i1#7`; a
 * cell is `(3, S1, i1)=x`, with `deleted` instead of `=x` for a tombstone; the mark of a configuration in which `i9` and
 * `i4` replaced disks is `@i13`, their sum, and that of none is left out. What a message says of several registers stands
 * one after the other: `read i1#7 a + #8 b`.
 */
export function showMessage(message: RegisterMessage): string {
  switch (message.type) {
    case 'read':
    case 'ack':
      return `${message.type} ${showList(message)}`;
    case 'value':
    case 'write':
      return `${message.type} ${showList<ValueItem>(message, ({ cell }) => ` ${showCell(cell)}`)}`;
    case 'introduce':
      return `introduce ${showLife(message.identity)}${message.replaces ? ` replaces ${showLife(message.replaces)}` : ''}`;
    case 'acquainted':
      return `acquainted ${showLife(message.identity)}`;
    case 'copy':
      return `copy ${showQuestion(message)} from ${message.from} ${message.members.join(' ')}`;
    case 'page': {
      const { request, incarnation, identity, next, cells } = message;
      const head = `page ${showRequest(request)} ${showLife(incarnation)} disk ${showLife(identity)}`;
      return `${head} next ${next ?? 'none'}${cells.map(({ key, cell }) => ` ${key} ${showCell(cell)}`).join('')}`;
    }
    case 'configuration':
      return ['configuration', ...message.replacements.map(showReplacement)].join(' ');
  }
}

export function parseMessage(line: string): RegisterMessage {
  const words = new Words(line);
  const type = words.take(/^\w+/)[0] as RegisterMessage['type'];
  switch (type) {
    case 'read':
      return { type, ...words.questions(() => ({})) };
    case 'ack':
      return { type, ...words.list(() => ({})) };
    case 'value':
      return { type, ...words.list(() => ({ cell: words.cell() })) };
    case 'write':
      return { type, ...words.questions(() => ({ cell: words.cell()! })) };
    case 'introduce':
      return { type, identity: words.life(), replaces: words.has('replaces') ? words.life() : undefined };
    case 'acquainted':
      return { type, identity: words.life() };
    case 'copy':
      return { type, ...words.question(), from: Number(words.take(/^from (\d+)/)[1]), members: words.rest() };
    case 'page': {
      const [request, incarnation] = [words.request(), words.life()];
      invariant(words.has('disk'), 'a page names its disk');
      const identity = words.life();
      const next = words.take(/^next (\S+)/)[1]!;
      return {
        type,
        request,
        incarnation,
        identity,
        next: next === 'none' ? undefined : Number(next),
        cells: words.cells(),
      };
    }
    case 'configuration':
      return { type, replacements: words.replacements() };
  }
}

export function showRecord(key: string, record: RegisterRecord | undefined): string {
  const name = nameInKey(key);
  switch (record?.kind) {
    case undefined:
      return `remove ${name}`;
    case 'node':
      return `persist life ${showLife(record.incarnation)} disk ${showLife(record.identity)}${record.standing === 'member' ? '' : ` ${record.standing}`}`;
    case 'peer':
      return `persist peer ${name} ${showLife(record.identity)}`;
    case 'known':
      return `persist known to ${name}`;
    case 'set':
      return `persist set ${name} writer ${record.writer} replicas ${record.replicas.join(' ')}`;
    case 'replacement':
      return `persist ${showReplacement({ node: name, ...record })}`;
    case 'cell':
      return `persist ${name} ${showCell({ ...record, value: record.packed === undefined ? undefined : unpack(record.packed) })}`;
  }
}

export function bytes(text: string): Uint8Array {
  return unpack(text);
}

export function text(value: Uint8Array | undefined): string {
  return value ? pack(value) : 'nothing';
}

export function showReplacement({ node, version, disk, address, done }: Replacement): string {
  return `${node} v${version} ${showLife(disk)} at ${address}${done ? ' done' : ''}`;
}

function showQuestion(question: { readonly request: RequestId; readonly mark: Mark }): string {
  return `${showRequest(question.request)}${showMark(question)}`;
}

function showMark({ mark }: { readonly mark: Mark }): string {
  return mark === noMark ? '' : ` @${showLife(mark)}`;
}

/** The mark stands behind the number of the first. */
function showList<I extends Item>(
  message: { readonly incarnation: Incarnation; readonly mark?: Mark; readonly items: readonly I[] },
  showCellOf: (item: I) => string = () => '',
): string {
  const { incarnation, mark = noMark, items } = message;
  const [first, ...others] = items.map((item) => [`#${item.number}`, `${item.key}${showCellOf(item)}`]);
  const [number, rest] = first!;
  const head = `${showLife(incarnation)}${number}${showMark({ mark })} ${rest}`;
  return [head, ...others.map((words) => words.join(' '))].join(' + ');
}

function showRequest({ incarnation, number }: RequestId): string {
  return `${showLife(incarnation)}#${number}`;
}

function showLife(incarnation: string): string {
  return `i${parseInt(incarnation.slice(8), 16)}`;
}

function showCell(cell: Cell | undefined): string {
  if (!cell) return 'none';
  const { counter, writer, incarnation, value } = cell;
  return `(${counter}, ${writer}, ${showLife(incarnation)})${value ? `=${text(value)}` : ' deleted'}`;
}

/** The words of a line, read one by one. */
class Words {
  #rest: string;

  constructor(line: string) {
    this.#rest = line;
  }

  take(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(this.#rest);
    invariant(match, `"${this.#rest}" begins with ${pattern}`);
    this.#rest = this.#rest.slice(match[0].length).trimStart();
    return match;
  }

  word(): string {
    return this.take(/^\S+/)[0];
  }

  has(word: string): boolean {
    if (!this.#rest.startsWith(word)) return false;
    this.word();
    return true;
  }

  life(): string {
    return life(Number(this.take(/^i(\d+)/)[1]));
  }

  request(): RequestId {
    return { incarnation: this.life(), number: this.number() };
  }

  number(): number {
    return Number(this.take(/^#(\d+)/)[1]);
  }

  question(): { readonly request: RequestId; readonly mark: Mark } {
    const request = this.request();
    if (!this.#rest.startsWith('@')) return { request, mark: noMark };
    this.take(/^@/);
    return { request, mark: this.life() };
  }

  /** `tail`: of an item, behind its key. */
  list<T extends object>(tail: () => T): { readonly incarnation: Incarnation; readonly items: (Item & T)[] } {
    const { mark, ...list } = this.questions(tail);
    invariant(mark === noMark, 'a reply has no mark');
    return list;
  }

  /** All with the mark of the first. */
  questions<T extends object>(
    tail: () => T,
  ): {
    readonly incarnation: Incarnation;
    readonly mark: Mark;
    readonly items: (Item & T)[];
  } {
    const { request, mark } = this.question();
    const items = [{ number: request.number, key: this.word(), ...tail() }];
    while (this.has('+')) items.push({ number: this.number(), key: this.word(), ...tail() });
    return { incarnation: request.incarnation, mark, items };
  }

  replacements(): Replacement[] {
    const replacements: Replacement[] = [];
    while (this.#rest !== '') {
      const node = this.word();
      const version = Number(this.take(/^v(\d+)/)[1]);
      const disk = this.life();
      const address = this.take(/^at (\S+)/)[1]!;
      replacements.push({ node, version, disk, address, done: this.has('done') });
    }
    return replacements;
  }

  cell(): Cell | undefined {
    if (this.has('none')) return undefined;
    const [, counter, writer, number] = this.take(/^\((\d+), (\w+), i(\d+)\)/);
    const stamp = { counter: Number(counter), writer: writer!, incarnation: life(Number(number)) };
    return this.has('deleted') ? { ...stamp, value: undefined } : { ...stamp, value: bytes(this.take(/^=(\S*)/)[1]!) };
  }

  cells(): KeyedCell[] {
    const cells: KeyedCell[] = [];
    while (this.#rest !== '') cells.push({ key: this.word(), cell: this.cell()! });
    return cells;
  }

  rest(): string[] {
    return this.#rest.split(' ');
  }
}
