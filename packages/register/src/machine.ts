import {
  Effects,
  Reach,
  SynodError,
  type Input,
  type Machine,
  type MachineDefinition,
  type NodeId,
  type OperationId,
  type Output,
  type Time,
} from '@synod/kernel';
import type { Cell } from './cell.js';
import { objectionToKey, objectionToOperation, objectionToPage, unknownKey } from './checks.js';
import { newIncarnation, type Incarnation } from './incarnation.js';
import { Membership } from './membership.js';
import type { RegisterMessage, RequestId } from './messages.js';
import {
  checkOptions,
  defaultLimits,
  defaultTiming,
  type Limits,
  type RegisterOptions,
  type Timing,
} from './options.js';
import type { KeyCommand, RegisterCommand, RegisterProtocol, RegisterStatus } from './protocol.js';
import { Questions } from './questions.js';
import { Reader } from './reader.js';
import { liveKeys, nameInKey, registerRecordCodec, type NodeRecord, type RegisterRecord } from './records.js';
import { Registers } from './registers.js';
import { Replica } from './replica.js';
import type { ReplicaSet } from './replica-set.js';
import { isNewer, type Timestamp } from './timestamp.js';
import { Writer } from './writer.js';

type StoredRecord = readonly [key: string, record: RegisterRecord];

/**
 * Atomic registers as a machine: what a loop needs to run one node of them. Throws `SynodError` `config` for options
 * that no register can run with; `recover` does, naming the key, if the disk was written with other replica sets.
 */
export function registerMachine(options: RegisterOptions): MachineDefinition<RegisterProtocol> {
  checkOptions(options);
  return {
    codec: registerRecordCodec,
    live: liveKeys,
    recover() {
      const { self, members, replicaSetOf } = options;
      const registers = new Registers(self, members, replicaSetOf);
      /** All but the cells: few. */
      const records: StoredRecord[] = [];
      return {
        add(key, record) {
          if (record.kind === 'cell') registers.recoverCell(nameInKey(key), record);
          else records.push([key, record]);
        },
        build: () => new RegisterMachine(options, registers, records),
      };
    },
  };
}

class RegisterMachine implements Machine<RegisterProtocol> {
  readonly #self: NodeId;
  readonly #members: ReadonlySet<NodeId>;
  readonly #timing: Timing;
  readonly #limits: Limits;
  readonly #incarnation: Incarnation;
  readonly #registers: Registers;
  readonly #membership: Membership;
  readonly #reach = new Reach();
  readonly #questions: Questions;
  readonly #replica: Replica;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #onConfirmed: RegisterOptions['onConfirmed'];
  readonly #confirmed = new Map<string, Timestamp>();
  #requests = 0;
  #begun = false;
  #wakeAt: Time | undefined;

  constructor(options: RegisterOptions, registers: Registers, records: readonly StoredRecord[]) {
    const { self, members, random, onConfirmed } = options;
    this.#self = self;
    this.#members = new Set(members);
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#incarnation = newIncarnation(random);
    this.#onConfirmed = onConfirmed;
    const node = recordOfNode(records);
    const isNew = node === undefined && options.replacement;
    this.#registers = registers;
    this.#questions = new Questions(self, this.#incarnation, this.#limits);
    const nextNumber = (): number => ++this.#requests;
    this.#membership = new Membership({
      ...options,
      incarnation: this.#incarnation,
      identity: node?.identity ?? this.#incarnation,
      standing: node?.standing ?? (isNew ? 'waiting' : 'member'),
      limits: this.#limits,
      timing: this.#timing,
      registers: this.#registers,
      nextRequest: (): RequestId => ({ incarnation: this.#incarnation, number: nextNumber() }),
    });
    this.#recover(records);
    const parts = {
      self,
      timing: this.#timing,
      registers: this.#registers,
      membership: this.#membership,
      reach: this.#reach,
      nextNumber,
      questions: this.#questions,
      confirmed: (key: string, cell: Cell) => this.#confirm(key, cell),
    };
    this.#replica = new Replica(self, this.#registers, this.#membership, this.#limits);
    this.#reader = new Reader(parts);
    this.#writer = new Writer(parts, this.#incarnation);
  }

  get hasGathered(): boolean {
    return this.#reader.isReady || this.#writer.isReady || !this.#questions.isEmpty;
  }

  get wakeAt(): Time | undefined {
    return this.#wakeAt;
  }

  step(input: Input<RegisterProtocol>, now: Time): Output<RegisterProtocol> {
    const effects = new Effects<RegisterProtocol>();
    if (!this.#begun) {
      this.#begun = true;
      this.#membership.begin(effects);
    }
    switch (input.kind) {
      case 'invoke':
        this.#invoke(input.id, input.command, effects, now);
        break;
      case 'deliver':
        this.#reach.heard(input.from);
        if (this.#members.has(input.from)) this.#deliver(input.from, input.message, effects, now);
        break;
      case 'link':
        this.#reach.link(input.peer, input.up);
        this.#membership.link(input.peer, input.up, effects);
        break;
      case 'wake':
        break;
      case 'turn':
        // A round of a register that is here alone ends when it begins: the next one of its register may then begin.
        while (this.#reader.isReady || this.#writer.isReady) {
          this.#reader.startReady(effects, now);
          this.#writer.startReady(effects, now);
        }
        this.#questions.ask(this.#membership.mark, effects);
        return effects;
    }
    if (this.#wakeAt !== undefined && now >= this.#wakeAt) this.#tick(effects, now);
    this.#wakeAt ??= this.#isIdle ? undefined : now + this.#timing.tickMs;
    return effects;
  }

  #tick(effects: Effects<RegisterProtocol>, now: Time): void {
    this.#wakeAt = undefined;
    this.#membership.tick(effects, now);
    this.#reader.tick(effects, now);
    this.#writer.tick(effects, now);
  }

  get #isIdle(): boolean {
    return this.#membership.isIdle && this.#reader.isIdle && this.#writer.isIdle;
  }

  #recover(records: readonly StoredRecord[]): void {
    for (const [key, record] of records) {
      if (record.kind === 'set') this.#registers.recoverSet(Number(nameInKey(key)), record);
      else if (record.kind === 'peer') this.#membership.acquaintance.recoverPeer(nameInKey(key), record.identity);
      else if (record.kind === 'known') this.#membership.acquaintance.recoverKnown(nameInKey(key));
      else if (record.kind === 'replacement') {
        const { version, disk, address, done } = record;
        this.#membership.recoverReplacement({ node: nameInKey(key), version, disk, address, done });
      }
    }
    this.#registers.recovered();
    this.#membership.recovered();
  }

  #deliver(from: NodeId, message: RegisterMessage, effects: Effects<RegisterProtocol>, now: Time): void {
    switch (message.type) {
      case 'read':
        return this.#replica.read(from, message, effects);
      case 'write':
        return this.#replica.write(from, message, effects);
      case 'value':
        if (message.incarnation !== this.#incarnation) return;
        this.#reader.values(from, message.items, effects, now);
        return this.#writer.values(from, message.items, effects, now);
      case 'ack':
        if (message.incarnation !== this.#incarnation) return;
        this.#reader.acks(from, message.items, effects, now);
        return this.#writer.acks(from, message.items, effects, now);
      case 'introduce':
        return this.#membership.introduced(from, message, effects);
      case 'acquainted':
        return this.#membership.acquainted(from, message, effects);
      case 'copy':
        return this.#membership.copy(from, message, effects);
      case 'page':
        return this.#membership.paged(from, message, effects, now);
      case 'configuration':
        if (this.#membership.configured(from, message, effects)) this.#restart(effects, now);
    }
  }

  #restart(effects: Effects<RegisterProtocol>, now: Time): void {
    this.#reader.restart(effects, now);
    this.#writer.restart(effects, now);
  }

  #invoke(id: OperationId, command: RegisterCommand, effects: Effects<RegisterProtocol>, now: Time): void {
    switch (command.type) {
      case 'status':
        return effects.answer(id, { type: 'status', status: this.#status });
      case 'replace':
        if (this.#membership.replace(id, command, effects, now)) this.#restart(effects, now);
        return;
      case 'cells': {
        const objection = objectionToPage(command.from, command.limit);
        if (objection) return effects.answer(id, { type: 'error', error: objection });
        const limits = { ...this.#limits, pageCells: Math.min(command.limit, this.#limits.pageCells) };
        return effects.answer(id, { type: 'cells', ...this.#registers.page(command.from, limits) });
      }
      case 'consult':
        return effects.answer(id, { type: 'consulted', replies: this.#replica.consult(command) });
      case 'inspect':
      case 'read':
      case 'write':
      case 'delete': {
        const set = objectionToKey(command.key) ?? this.#registers.setOf(command.key) ?? unknownKey(command.key);
        if (set instanceof SynodError) return effects.answer(id, { type: 'error', error: set });
        return this.#operate(id, command, set, effects, now);
      }
    }
  }

  #operate(id: OperationId, command: KeyCommand, set: ReplicaSet, effects: Effects<RegisterProtocol>, now: Time): void {
    const { key } = command;
    const objection = objectionToOperation(this.#self, command, set, this.#limits.valueBytes);
    if (objection) return effects.answer(id, { type: 'error', error: objection });
    switch (command.type) {
      case 'inspect':
        return effects.answer(id, { type: 'cell', cell: this.#registers.cell(key) });
      case 'read':
        return this.#reader.add(key, set, { id, arrived: now });
      case 'write': {
        const { value, alone = false } = command;
        // The caller may change its bytes while the write waits. (`slice` of a Buffer would show the same ones.)
        return this.#writer.add(key, set, { id, arrived: now, value: new Uint8Array(value), alone });
      }
      case 'delete':
        return this.#writer.add(key, set, { id, arrived: now, value: undefined, alone: true });
    }
  }

  #confirm(key: string, cell: Cell): void {
    if (!this.#onConfirmed || !isNewer(cell, this.#confirmed.get(key))) return;
    const { counter, writer, incarnation } = cell;
    this.#confirmed.set(key, { counter, writer, incarnation });
    this.#onConfirmed(key, cell);
  }

  get #status(): RegisterStatus {
    const active = new Set([...this.#reader.active, ...this.#writer.active]).size;
    return { ...this.#membership.status, cells: this.#registers.size, active };
  }
}

function recordOfNode(records: readonly StoredRecord[]): NodeRecord | undefined {
  for (const [, record] of records) if (record.kind === 'node') return record;
  return undefined;
}
