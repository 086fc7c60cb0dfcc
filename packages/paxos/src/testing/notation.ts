import { invariant } from '@synod/kernel';
import { noBallot, showBallot, type Ballot } from '../ballot.js';
import { makeBlock, type Block, type Entry } from '../block.js';
import type { Member } from '../member.js';
import type { PaxosMessage } from '../messages.js';
import type { PaxosRecord } from '../records.js';
import { genesis, textCodec } from './text-codec.js';

/**
 * The compact text in which scenarios write messages and records: `prepare (1, S1) h1`,
 * `promise (1, S1) h1 log S2/1=b`. Blocks stand there by name; a scenario declares them. A block may end with
 * `change S2 <disk> <address>`.
 */
export class Notation {
  readonly #blocks = new Map<string, Block<string>>();

  /** `A = h1 (1, S1) S1/1=a S2/1=b`, on the declared block below it. */
  declare(line: string): void {
    const { name, rest } = /^(?<name>\w+) = (?<rest>.*)$/.exec(line)!.groups!;
    const text = new Words(rest!);
    const height = text.height();
    const below = [...this.#blocks.values()].findLast((block) => block.height === height - 1);
    const ballot = text.ballot();
    const entries = text.entries();
    const [server, disk, address] = text.accept('change') ? text.all() : [];
    const change = server === undefined ? {} : { change: { server, disk: disk!, address: address! } };
    const content = { height, previous: below?.hash ?? genesis, ballot, entries, ...change };
    this.#blocks.set(name!, makeBlock(content, textCodec));
  }

  block(name: string): Block<string> {
    const block = this.#blocks.get(name);
    invariant(block, `block ${name} is declared`);
    return block;
  }

  parse(line: string): PaxosMessage<string> {
    const text = new Words(line);
    const type = text.word() as PaxosMessage<string>['type'];
    const ballot = text.ballot();
    const height = text.height();
    switch (type) {
      case 'promise': {
        const accepted = text.accept('accepted')
          ? { ballot: text.ballot(), block: this.block(text.word()) }
          : undefined;
        const log = text.accept('log') ? text.entries() : [];
        return { type, ballot, height, accepted, log, more: text.accept('more'), wants: text.accept('wants') };
      }
      case 'nack': {
        text.expect('promised');
        const promised = text.ballot();
        const promisedFor = text.height();
        text.expect('committed');
        const committed = text.height();
        return { type, ballot, height, promised, promisedFor, committed, blocks: this.#rest(text) };
      }
      case 'accept':
        return { type, ballot, height, block: this.block(text.word()) };
      case 'commit': {
        const hash = this.#hash(text.word());
        return { type, ballot, height, hash, next: text.accept('next') ? text.word() : undefined };
      }
      case 'status':
        return { type, ballot, height, hash: this.#hash(text.word()) };
      case 'fetch':
        text.expect('after');
        return { type, ballot, height, entries: Number(text.word()), whole: text.accept('whole') };
      case 'blocks':
      case 'history':
        return { type, ballot, height, blocks: this.#rest(text) };
      case 'snapshot': {
        const hash = this.#hash(text.word());
        const sequences = text.sequences();
        const members = text.members();
        return { type, ballot, height, hash, sequences, members, state: Buffer.from(text.word()) };
      }
      case 'introduce':
        return { type, ballot, height, identity: text.word(), established: !text.accept('new') };
      case 'acquainted':
        return { type, ballot, height, identity: text.word() };
      case 'prepare':
      case 'accepted':
      case 'withdraw':
      case 'backfill':
        return { type, ballot, height };
    }
  }

  show(message: PaxosMessage<string>): string {
    const head = `${message.type} ${showBallot(message.ballot)} h${message.height}`;
    switch (message.type) {
      case 'promise': {
        const { accepted, log, more, wants } = message;
        const taken = accepted ? ` accepted ${showBallot(accepted.ballot)} ${this.#show(accepted.block)}` : '';
        return (
          head +
          taken +
          (log.length > 0 ? ` log ${showEntries(log)}` : '') +
          (more ? ' more' : '') +
          (wants ? ' wants' : '')
        );
      }
      case 'nack':
        return `${head} promised ${showBallot(message.promised)} h${message.promisedFor} committed h${message.committed}${this.#showAll(message.blocks)}`;
      case 'accept':
        return `${head} ${this.#show(message.block)}`;
      case 'commit':
        return `${head} ${this.#nameOf(message.hash)}${message.next === undefined ? '' : ` next ${message.next}`}`;
      case 'status':
        return `${head} ${this.#nameOf(message.hash)}`;
      case 'fetch':
        return `${head} after ${message.entries}${message.whole ? ' whole' : ''}`;
      case 'blocks':
      case 'history':
        return head + this.#showAll(message.blocks);
      case 'snapshot': {
        const sequences = message.sequences.map(([owner, sequence]) => ` ${owner}/${sequence}`).join('');
        const members = message.members.map(([server, member]) => ` replaced ${server} ${showMember(member)}`).join('');
        return `${head} ${this.#nameOf(message.hash)}${sequences}${members} ${Buffer.from(message.state).toString()}`;
      }
      case 'introduce':
        return `${head} ${message.identity}${message.established ? '' : ' new'}`;
      case 'acquainted':
        return `${head} ${message.identity}`;
      default:
        return head;
    }
  }

  showRecord(key: string, record: PaxosRecord<string> | undefined): string {
    const name = key.slice(key.lastIndexOf('/') + 1);
    switch (record?.kind) {
      case undefined:
        if (key.startsWith('state/log/')) return `remove entry ${parseInt(name, 16)}`;
        return key.startsWith('overtaken/') ? `remove overtaken h${parseInt(name, 16)}` : `remove ${name}`;
      case 'round':
        return `persist round ${record.round}`;
      case 'promised':
        return `persist promised ${showBallot(record.ballot)} h${record.height}`;
      case 'accepted':
        return `persist ${key.startsWith('overtaken/') ? 'overtaken' : 'accepted'} ${showBallot(record.ballot)} ${this.#show(record.block)}`;
      case 'head':
        return `persist head h${record.height} ${this.#nameOf(record.hash)}`;
      case 'owner':
        return `persist owner ${name} ${record.sequence}`;
      case 'entry':
        return `persist entry ${showEntries([record.entry])}`;
      case 'block':
        return `persist block ${this.#show(record.block)}`;
      case 'identity':
        return `persist identity ${record.identity}${record.standing === 'new' ? '' : ` ${record.standing}`}`;
      case 'peer':
        return `persist peer ${name} ${record.identity}`;
      case 'missing':
        return `persist missing h${record.from} to h${record.to} ${this.#nameOf(record.hash)}`;
      case 'member':
        return `persist member ${name} ${showMember(record)}`;
    }
  }

  #rest(text: Words): Block<string>[] {
    return text.all().map((name) => this.block(name));
  }

  #hash(name: string): string {
    return name === 'genesis' ? genesis : this.block(name).hash;
  }

  #nameOf(hash: string): string | undefined {
    if (hash === genesis) return 'genesis';
    return [...this.#blocks].find(([, block]) => block.hash === hash)?.[0];
  }

  #show(block: Block<string>): string {
    const { height, ballot, entries, change } = block;
    const changes = change ? [`change ${change.server} ${change.disk} ${change.address}`] : [];
    const held = [...(entries.length > 0 ? [showEntries(entries)] : []), ...changes].join(' ');
    return this.#nameOf(block.hash) ?? `[h${height} ${showBallot(ballot)} ${held}]`;
  }

  #showAll(blocks: readonly Block<string>[]): string {
    return blocks.map((block) => ` ${this.#show(block)}`).join('');
  }
}

function showEntries(entries: readonly Entry<string>[]): string {
  return entries.map(({ owner, sequence, value }) => `${owner}/${sequence}=${value}`).join(' ');
}

function showMember({ height, disk, address, sequence }: Member): string {
  return `h${height} ${disk} ${address} after ${sequence}`;
}

/** The words of a line, read one by one. */
class Words {
  #rest: string;

  constructor(line: string) {
    this.#rest = line;
  }

  word(): string {
    return this.#take(/^\S+/)[0];
  }

  expect(word: string): void {
    invariant(this.word() === word, `"${word}" comes here`);
  }

  accept(word: string): boolean {
    if (!this.#rest.startsWith(word)) return false;
    this.expect(word);
    return true;
  }

  height(): number {
    return Number(this.#take(/^h(\d+)/)[1]);
  }

  ballot(): Ballot {
    if (this.accept('none')) return noBallot;
    const [, round, server] = this.#take(/^\((\d+), (\w+)\)/);
    return { round: Number(round), server: server! };
  }

  entries(): Entry<string>[] {
    const entries: Entry<string>[] = [];
    while (/^\w+\/\d+=/.test(this.#rest)) {
      const [, owner, sequence, value] = this.#take(/^(\w+)\/(\d+)=(\S+)/);
      entries.push({ owner: owner!, sequence: Number(sequence), value: value! });
    }
    return entries;
  }

  sequences(): [owner: string, sequence: number][] {
    const sequences: [string, number][] = [];
    while (/^\w+\/\d+/.test(this.#rest)) {
      const [, owner, sequence] = this.#take(/^(\w+)\/(\d+)/);
      sequences.push([owner!, Number(sequence)]);
    }
    return sequences;
  }

  /** `replaced S2 h1 <disk> <address> after 0`, of each. */
  members(): [server: string, member: Member][] {
    const members: [string, Member][] = [];
    while (this.accept('replaced')) {
      const server = this.word();
      const [height, disk, address] = [this.height(), this.word(), this.word()];
      this.expect('after');
      members.push([server, { height, disk, address, sequence: Number(this.word()) }]);
    }
    return members;
  }

  all(): string[] {
    const words: string[] = [];
    while (this.#rest !== '') words.push(this.word());
    return words;
  }

  #take(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(this.#rest);
    invariant(match, `"${this.#rest}" begins with ${pattern}`);
    this.#rest = this.#rest.slice(match[0].length).trimStart();
    return match;
  }
}
