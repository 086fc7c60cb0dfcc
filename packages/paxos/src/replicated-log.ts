import {
  ByteReader,
  Effects,
  SynodError,
  type Input,
  type Machine,
  type MachineDefinition,
  type OperationId,
  type Output,
  type RecordCodec,
  type RecordReader,
  type Time,
} from '@synod/kernel';
import type { Block, Change, Entry, ValueCodec } from './block.js';
import { Consensus } from './consensus.js';
import type { PaxosMessage } from './messages.js';
import type { Application, ConsensusOptions, RoundEnd } from './options.js';
import { Replacing, type ReplaceResult } from './replacing.js';
import { liveKeys, readPaxosRecord, writePaxosRecord, type PaxosRecord } from './records.js';

/** The vocabularies of a replicated log of `T`. */
export interface LogProtocol<T> {
  command:
    | { readonly type: 'append'; readonly value: T }
    /** Committed blocks from a height on. */
    | { readonly type: 'read'; readonly from: number }
    /** Gives a server another disk and address. Done already, it is done again with the same result. */
    | { readonly type: 'replace'; readonly change: Change };
  result:
    /** The value stands in the committed block of this height, or below it if a snapshot brought it. */
    | { readonly type: 'appended'; readonly height: number; readonly sequence: number }
    | { readonly type: 'blocks'; readonly height: number; readonly blocks: readonly Block<T>[] }
    | ReplaceResult;
  message: PaxosMessage<T>;
  record: PaxosRecord<T>;
}

export interface ReplicatedLogOptions<T> extends Omit<ConsensusOptions<T>, 'application'> {
  /** Gets every committed block once per life of the server, in order, those of earlier lives excepted. */
  readonly onBlock?: (block: Block<T>) => void;
  /** With it a server that is far behind skips blocks and gets their sum instead. Default: it gets all blocks. */
  readonly state?: LogState;
}

/** The state machine that follows the log, as far as snapshots need it. */
export interface LogState {
  /** What all blocks so far amount to. */
  snapshot(): Uint8Array;
  /** Replaces all that blocks amounted to: blocks up to `height` were skipped. */
  restore(state: Uint8Array, height: number): void;
}

/** A replicated log for any state machine: what is appended on any server is committed in one order on all. */
export function replicatedLog<T>(options: ReplicatedLogOptions<T>): MachineDefinition<LogProtocol<T>> {
  return {
    codec: paxosRecordCodec(options.codec),
    live: liveKeys,
    recover(reader, now) {
      const log = new ReplicatedLog(options, reader, now);
      return { add: (key, record) => log.recover(key, record), build: () => log.recovered() };
    },
  };
}

export function paxosRecordCodec<T>(codec: ValueCodec<T>): RecordCodec<PaxosRecord<T>> {
  return {
    encode: (_key, record, writer) => writePaxosRecord(writer, record, codec),
    decode(_key, bytes) {
      const reader = new ByteReader(bytes);
      const record = readPaxosRecord(reader, codec);
      reader.done();
      return record;
    },
  };
}

class ReplicatedLog<T> implements Machine<LogProtocol<T>>, Application<T> {
  readonly #options: ReplicatedLogOptions<T>;
  readonly #consensus: Consensus<T>;
  readonly #replacing = new Replacing();
  /** Appends that wait for a promise to carry them: their entries need no durable write but that of the promise. */
  readonly #unlogged: { readonly id: OperationId; readonly value: T }[] = [];
  /** Appends of this life that wait for their block, by sequence. */
  readonly #waiting = new Map<number, OperationId>();
  #effects = new Effects<LogProtocol<T>>();

  constructor(options: ReplicatedLogOptions<T>, reader: RecordReader<PaxosRecord<T>>, now: Time) {
    this.#options = options;
    this.#consensus = new Consensus({ ...options, application: this }, reader, now);
  }

  recover(key: string, record: PaxosRecord<T>): void {
    this.#consensus.recover(key, record);
  }

  recovered(): this {
    this.#consensus.recovered();
    return this;
  }

  get wakeAt(): Time {
    return this.#consensus.wakeAt;
  }

  step(input: Input<LogProtocol<T>>, now: Time): Output<LogProtocol<T>> {
    const effects = (this.#effects = new Effects<LogProtocol<T>>());
    this.#consensus.begin(effects);
    switch (input.kind) {
      case 'invoke':
        this.#invoke(input.id, input.command, now);
        break;
      case 'deliver':
        this.#consensus.deliver(input.from, input.message, effects, now);
        break;
      case 'link':
        this.#consensus.link(input.peer, input.up, effects);
        break;
      case 'wake':
        this.#consensus.wake(effects, now);
        break;
      case 'turn': // it gathers nothing
        break;
    }
    return effects;
  }

  promising(): void {
    for (const { id, value } of this.#unlogged.splice(0)) {
      this.#waiting.set(this.#consensus.append(value, this.#effects).sequence, id);
    }
  }

  apply(block: Block<T>): void {
    for (const { owner, sequence } of block.entries) {
      if (owner === this.#options.self) this.#committed(sequence, block.height);
    }
    this.#options.onBlock?.(block);
  }

  snapshot(): Uint8Array | undefined {
    return this.#options.state?.snapshot();
  }

  adopt(state: Uint8Array, own: readonly Entry<T>[], height: number): void {
    for (const { sequence } of own) this.#committed(sequence, height);
    this.#options.state?.restore(state, height);
  }

  ended(end: RoundEnd, _effects: unknown, now: Time): void {
    for (const { id, result } of this.#replacing.settled(end, this.#consensus)) this.#effects.answer(id, result);
    if (end.kind === 'replaced') return this.#fail(end.error);
    if (end.kind === 'no-quorum') this.#giveUp();
    if (this.#waiting.size + this.#unlogged.length > 0) this.#consensus.want(undefined, this.#effects, now);
  }

  #committed(sequence: number, height: number): void {
    const id = this.#waiting.get(sequence);
    if (id === undefined) return;
    this.#waiting.delete(sequence);
    this.#effects.answer(id, { type: 'appended', height, sequence });
  }

  #invoke(id: OperationId, command: LogProtocol<T>['command'], now: Time): void {
    if (command.type === 'replace') {
      const result = this.#replacing.ask(id, command.change, this.#consensus, this.#effects, now);
      return result && this.#effects.answer(id, result);
    }
    if (command.type === 'read') {
      if (!Number.isSafeInteger(command.from) || command.from < 1) {
        const error = new SynodError('invalid_argument', `heights are whole numbers from 1, not ${command.from}`);
        return this.#effects.answer(id, { type: 'error', error });
      }
      const { height } = this.#consensus;
      return this.#effects.answer(id, { type: 'blocks', height, blocks: this.#consensus.blocks(command.from) });
    }
    this.#unlogged.push({ id, value: command.value });
    if (!this.#consensus.disk.replaced) this.#consensus.want(undefined, this.#effects, now);
  }

  /** Entries stay in the local log, and a later round may still commit them. What no promise carried is nowhere. */
  #giveUp(): void {
    const error = this.#consensus.ready
      ? new SynodError('no_quorum', 'no majority answered in time; nothing was appended')
      : new SynodError('not_ready', `${this.#options.self} is not known to a majority of its peers yet`);
    for (const { id } of this.#unlogged.splice(0)) this.#effects.answer(id, { type: 'error', error });
    for (const id of this.#waiting.values()) {
      const message = 'no majority answered in time; the entry may still be committed later';
      const error = new SynodError('no_quorum', message, { definite: false });
      this.#effects.answer(id, { type: 'error', error });
    }
    this.#waiting.clear();
  }

  /** Nobody decides anything here any more. What only this log holds is lost. */
  #fail(error: SynodError): void {
    const ids = [...this.#unlogged.splice(0).map(({ id }) => id), ...this.#waiting.values()];
    for (const id of ids) this.#effects.answer(id, { type: 'error', error });
    this.#waiting.clear();
  }
}
