import {
  Effects,
  invariant,
  quorumSize,
  SynodError,
  type Input,
  type Machine,
  type MachineDefinition,
  type NodeId,
  type OperationId,
  type Output,
  type Random,
  type Recovered,
  type Time,
} from '@synod/kernel';
import {
  Consensus,
  liveKeys,
  type Application,
  type Limits,
  type PaxosRecord,
  type RoundEnd,
  type Timing,
} from '@synod/paxos';
import type { Account } from './accounts.js';
import { Books } from './books.js';
import { objectionTo, unknownAccount } from './checks.js';
import { Inspection } from './inspection.js';
import type { LedgerBlock, LedgerCommand, LedgerProtocol, TransferCommand } from './protocol.js';
import { QueueRounds } from './queue-rounds.js';
import { ledgerRecordCodec, type LedgerRecord } from './records.js';
import { Shortage } from './shortage.js';
import { sameTransfer, transferCodec, type Transfer } from './transfer.js';

export interface LedgerOptions {
  readonly self: NodeId;
  /** The whole membership, self included. */
  readonly members: readonly NodeId[];
  readonly accounts: readonly Account[];
  /** Hash of what all members must agree on: members, accounts, homes, initial balances. Hexadecimal SHA-256. */
  readonly genesis: string;
  readonly random: Random;
  /** `on-request`: only `attempt-queue` starts a round for a queue, as transaction files need it. Default `automatic`. */
  readonly queueRounds?: 'automatic' | 'on-request';
  /** How many decided transfers are remembered for repeats. Default 100,000. */
  readonly window?: number;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
}

/** The bank ledger as a machine: what a loop needs to run one server of it. */
export function ledgerMachine(options: LedgerOptions): MachineDefinition<LedgerProtocol> {
  return {
    codec: ledgerRecordCodec,
    live: liveKeys,
    recover: (recovered, now) => new LedgerMachine(options, recovered, now),
  };
}

class LedgerMachine implements Machine<LedgerProtocol>, Application<Transfer> {
  readonly #self: NodeId;
  readonly #majority: number;
  readonly #consensus: Consensus<Transfer>;
  readonly #books: Books;
  readonly #shortage: Shortage;
  readonly #queueRounds: QueueRounds;
  readonly #inspection: Inspection;
  #effects = new Effects<LedgerProtocol>();

  constructor(options: LedgerOptions, recovered: Recovered<LedgerRecord>, now: Time) {
    const { self, members, accounts, window = 100_000, queueRounds = 'automatic', random } = options;
    const { records, reader } = recovered;
    this.#self = self;
    this.#majority = quorumSize(members.length);
    this.#consensus = new Consensus<Transfer>(
      { ...options, codec: transferCodec, application: this },
      { records: records.filter(isPaxos), reader: { get: (key) => asPaxos(reader.get(key)) } },
      now,
    );
    this.#books = new Books({ self, accounts, window, records, consensus: this.#consensus });
    this.#shortage = new Shortage(this.#books, this.#consensus, members);
    this.#queueRounds = new QueueRounds(queueRounds === 'automatic', random);
    this.#inspection = new Inspection(self, this.#books, this.#consensus);
  }

  get wakeAt(): Time {
    return Math.min(this.#consensus.wakeAt, this.#queueRounds.dueAt ?? Number.POSITIVE_INFINITY);
  }

  step(input: Input<LedgerProtocol>, now: Time): Output<LedgerProtocol> {
    const effects = (this.#effects = new Effects<LedgerProtocol>());
    this.#consensus.begin(effects);
    switch (input.kind) {
      case 'invoke':
        this.#invoke(input.id, input.command, now);
        break;
      case 'deliver':
        this.#consensus.deliver(input.from, input.message, effects, now);
        break;
      case 'link':
        this.#link(input.peer, input.up, now);
        break;
      case 'wake':
        this.#consensus.wake(effects, now);
        if (this.#queueRounds.take(now)) this.#shortage.attemptQueues(effects, now);
        break;
    }
    if (this.#books.queues.isEmpty) this.#queueRounds.rest();
    else this.#queueRounds.keep(now);
    return effects;
  }

  apply(block: LedgerBlock): void {
    this.#shortage.applied(this.#books.apply(block, this.#effects), this.#effects);
  }

  ended(end: RoundEnd, _effects: unknown, now: Time): void {
    this.#shortage.ended(end, this.#effects, now);
  }

  #link(peer: NodeId, up: boolean, now: Time): void {
    this.#consensus.link(peer, up, this.#effects);
    const majorityReturned = up && this.#consensus.linked.size + 1 === this.#majority;
    if (majorityReturned && !this.#books.queues.isEmpty) this.#queueRounds.hurry(now);
  }

  #invoke(id: OperationId, command: LedgerCommand, now: Time): void {
    const effects = this.#effects;
    switch (command.type) {
      case 'transfer':
        return this.#transfer(id, command, now);
      case 'attempt-queue': {
        const account = this.#books.accounts.get(command.account);
        if (!account) return this.#refuse(id, unknownAccount('account', command.account));
        return this.#shortage.attemptQueue(account.id, command.gather, id, effects, now);
      }
      case 'balance': {
        const account = this.#books.accounts.get(command.account);
        if (!account) return this.#refuse(id, unknownAccount('account', command.account));
        return effects.answer(id, { type: 'balance', balance: this.#inspection.balance(account) });
      }
      case 'balance-map':
        return effects.answer(id, { type: 'balance-map', map: this.#inspection.balanceMap() });
      case 'log':
        return effects.answer(id, { type: 'log', log: this.#inspection.log(command.after) });
      case 'blocks': {
        const blocks = this.#consensus.blocks(command.from, command.limit);
        return effects.answer(id, { type: 'blocks', blocks, height: this.#consensus.height });
      }
      case 'status':
        return effects.answer(id, {
          type: 'status',
          status: this.#inspection.status(this.#shortage.undecided.length),
        });
    }
  }

  /** Decides at most once by id, in order of arrival, and locally as long as the money suffices. */
  #transfer(id: OperationId, command: TransferCommand, now: Time): void {
    const { transfer } = command;
    const objection = objectionTo(transfer, this.#books.accounts, this.#self);
    if (objection) return this.#refuse(id, objection);
    if (!this.#consensus.ready) return this.#refuse(id, this.#notReady());
    if (this.#repeat(id, command, now)) return;

    const effects = this.#effects;
    const waiting = this.#books.queues.lengthOf(transfer.from);
    if (this.#shortage.undecided.has(transfer.from)) return this.#shortage.add(command, id, effects, now);
    if (this.#books.canExecute(transfer)) {
      const outcome = this.#books.execute(transfer, 'local', effects);
      if (command.durability === 'local') return this.#shortage.answer([id], outcome, effects);
      return this.#shortage.awaitCommit(outcome, id, command.gather, effects, now);
    }
    if (waiting === 0 || command.short === 'reject') return this.#shortage.add(command, id, effects, now);
    this.#books.enqueue(transfer, effects);
    this.#shortage.answerPending([id], transfer, `${waiting} pending before it`, effects);
    this.#queueRounds.hurry(now);
  }

  /** An id is taken from arrival on: a repeat joins what is under way, or gets its outcome. */
  #repeat(id: OperationId, command: TransferCommand, now: Time): boolean {
    const { transfer, durability } = command;
    const outcome = this.#books.outcome(transfer.from, transfer.id);
    const pending = this.#books.queues.find(transfer.from, transfer.id);
    const undecided = this.#shortage.undecided.find(transfer.from, transfer.id);
    const before = outcome?.transfer ?? pending?.transfer ?? undecided?.command.transfer;
    if (!before) return false;
    const effects = this.#effects;
    if (!sameTransfer(before, transfer)) {
      const was = `${before.amount} to ${before.to}`;
      this.#refuse(id, new SynodError('id_conflict', `id: ${JSON.stringify(transfer.id)} was used for ${was} before`));
    } else if (undecided) {
      undecided.askers.push(id);
    } else if (pending) {
      this.#shortage.answerPending([id], transfer, 'still pending', effects);
    } else if (outcome) {
      const mustWait = durability === 'committed' && this.#consensus.log.has(outcome.sequence);
      if (mustWait) this.#shortage.awaitCommit(outcome, id, command.gather, effects, now);
      else this.#shortage.answer([id], outcome, effects);
    }
    return true;
  }

  #notReady(): SynodError {
    const needed = this.#majority - 1;
    return new SynodError(
      'not_ready',
      `${this.#self} starts with an empty disk and takes part once ${needed} other servers know it; nothing was done`,
    );
  }

  #refuse(id: OperationId, error: SynodError): void {
    this.#effects.answer(id, { type: 'error', error });
  }
}

/** Narrows the ledger's records to those that Paxos wrote. */
function isPaxos(item: readonly [string, LedgerRecord]): item is readonly [string, PaxosRecord<Transfer>] {
  const { kind } = item[1];
  return kind !== 'account' && kind !== 'pending' && kind !== 'outcome';
}

function asPaxos(record: LedgerRecord | undefined): PaxosRecord<Transfer> | undefined {
  if (record === undefined) return undefined;
  const item = ['', record] as const;
  invariant(isPaxos(item), 'Paxos reads only its own records');
  return item[1];
}
