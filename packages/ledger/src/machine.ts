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
  type RecordReader,
  type Time,
} from '@synod/kernel';
import { Consensus, liveKeys, Replacing, type Application, type PaxosRecord, type RoundEnd } from '@synod/paxos';
import { Books } from './books.js';
import { objectionTo, objectionToGather, unknownAccount, wrongHome } from './checks.js';
import { Inspection } from './inspection.js';
import { LogRounds } from './log-rounds.js';
import { checkOptions, type LedgerOptions } from './options.js';
import type { LedgerBlock, LedgerCommand, LedgerProtocol, TransferCommand } from './protocol.js';
import { QueueRounds } from './queue-rounds.js';
import { ledgerRecordCodec, type LedgerRecord } from './records.js';
import { Replies } from './replies.js';
import { Shortage } from './shortage.js';
import { readBalances, writeBalances } from './snapshot.js';
import { sameTransfer, transferCodec, type LoggedTransfer, type Transfer } from './transfer.js';

/**
 * The bank ledger as a machine: what a loop needs to run one server of it. Throws `SynodError` `config` for options
 * that no ledger can run with; `recover` does if the disk was written with another configuration.
 */
export function ledgerMachine(options: LedgerOptions): MachineDefinition<LedgerProtocol> {
  checkOptions(options);
  return {
    codec: ledgerRecordCodec,
    live: liveKeys,
    recover(reader, now) {
      const machine = new LedgerMachine(options, reader, now);
      return { add: (key, record) => machine.recover(key, record), build: () => machine.recovered() };
    },
  };
}

class LedgerMachine implements Machine<LedgerProtocol>, Application<Transfer> {
  readonly #self: NodeId;
  readonly #members: readonly NodeId[];
  readonly #consensus: Consensus<Transfer>;
  readonly #books: Books;
  readonly #replies: Replies;
  readonly #shortage: Shortage;
  readonly #queueRounds: QueueRounds;
  readonly #logRounds: LogRounds;
  readonly #inspection: Inspection;
  readonly #replacing = new Replacing();
  #effects = new Effects<LedgerProtocol>();

  constructor(options: LedgerOptions, reader: RecordReader<LedgerRecord>, now: Time) {
    const {
      self,
      members,
      accounts,
      window = 100_000,
      queueRounds = 'automatic',
      logEntries = 1_048_576,
      random,
    } = options;
    this.#self = self;
    this.#members = members;
    this.#consensus = new Consensus<Transfer>(
      { ...options, codec: transferCodec, application: this },
      { get: (key) => asPaxos(reader.get(key)) },
      now,
    );
    this.#books = new Books({ self, accounts, window, consensus: this.#consensus });
    this.#replies = new Replies(this.#consensus);
    this.#shortage = new Shortage({
      self,
      members,
      books: this.#books,
      consensus: this.#consensus,
      replies: this.#replies,
    });
    this.#queueRounds = new QueueRounds(queueRounds === 'automatic', random);
    this.#logRounds = new LogRounds(queueRounds === 'automatic' ? logEntries : Number.POSITIVE_INFINITY);
    this.#inspection = new Inspection(self, this.#books, this.#consensus);
  }

  /** One record of what a crash left. */
  recover(key: string, record: LedgerRecord): void {
    if (isPaxos(record)) this.#consensus.recover(key, record);
    this.#books.recover(record);
  }

  recovered(): this {
    this.#consensus.recovered();
    this.#books.accounts.recovered();
    return this;
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
      case 'turn': // it gathers nothing
        break;
    }
    if (this.#books.queues.isEmpty) this.#queueRounds.rest();
    else this.#queueRounds.keep(now);
    if (this.#logRounds.due(this.#consensus.log.length)) this.#consensus.want(undefined, effects, now);
    return effects;
  }

  apply(block: LedgerBlock): void {
    this.#shortage.applied(block.entries, this.#books.apply(block, this.#effects), this.#effects);
  }

  snapshot(): Uint8Array {
    return writeBalances(this.#books.accounts.balances);
  }

  adopt(state: Uint8Array, own: readonly LoggedTransfer[]): void {
    this.#shortage.applied(own, this.#books.adopt(readBalances(state), own, this.#effects), this.#effects);
  }

  ended(end: RoundEnd, _effects: unknown, now: Time): void {
    const effects = this.#effects;
    for (const { id, result } of this.#replacing.settled(end, this.#consensus)) effects.answer(id, result);
    if (end.kind === 'replaced') return this.#shortage.fail(end.error, effects);
    this.#shortage.ended(end, effects, now);
    const hasBlock = end.kind === 'fresh' || end.kind === 'other';
    if (hasBlock && this.#logRounds.isLong(this.#consensus.log.length)) this.#consensus.want(undefined, effects, now);
  }

  #link(peer: NodeId, up: boolean, now: Time): void {
    this.#consensus.link(peer, up, this.#effects);
    // Not only the one that completes a majority: whoever comes back may hold in its log what the queue waits for.
    const hasMajority = this.#consensus.linked.size + 1 >= quorumSize(this.#members.length);
    if (up && hasMajority && !this.#books.queues.isEmpty) this.#queueRounds.hurry(now);
  }

  #invoke(id: OperationId, command: LedgerCommand, now: Time): void {
    const effects = this.#effects;
    switch (command.type) {
      case 'transfer':
        return this.#transfer(id, command, now);
      case 'attempt-queue': {
        const account = this.#books.accounts.get(command.account);
        if (!account) return this.#refuse(id, unknownAccount('account', command.account));
        if (account.home !== this.#self) return this.#refuse(id, wrongHome(account, this.#self));
        const objection = objectionToGather(command.gather, this.#members);
        if (objection) return this.#refuse(id, objection);
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
      case 'replace': {
        const objection = this.#consensus.ready ? undefined : this.#notReady();
        if (objection) return this.#refuse(id, objection);
        const result = this.#replacing.ask(id, command.change, this.#consensus, effects, now);
        return result && effects.answer(id, result);
      }
    }
  }

  /** Decides at most once by id, in order of arrival, and locally as long as the money suffices. */
  #transfer(id: OperationId, command: TransferCommand, now: Time): void {
    const { transfer } = command;
    const objection =
      objectionTo(transfer, this.#books.accounts, this.#self) ?? objectionToGather(command.gather, this.#members);
    if (objection) return this.#refuse(id, objection);
    if (!this.#consensus.ready) return this.#refuse(id, this.#notReady());
    if (this.#repeat(id, command, now)) return;

    const effects = this.#effects;
    const waiting = this.#books.queues.lengthOf(transfer.from);
    if (this.#shortage.undecided.lengthOf(transfer.from) > 0) return this.#shortage.add(command, id, effects, now);
    if (this.#books.canExecute(transfer)) {
      const outcome = this.#books.execute(transfer, 'local', effects);
      if (command.durability === 'local') return this.#replies.decided([id], outcome, effects);
      return this.#shortage.awaitCommit(outcome, id, command.gather, effects, now);
    }
    if (waiting === 0 || command.short === 'reject') return this.#shortage.add(command, id, effects, now);
    this.#books.enqueue(transfer, effects);
    this.#replies.pending([id], transfer, `${waiting} pending before it`, effects);
    this.#queueRounds.hurry(now);
  }

  /** An id is taken from arrival on: a repeat joins what is under way, or gets its outcome. */
  #repeat(id: OperationId, command: TransferCommand, now: Time): boolean {
    const { transfer, durability } = command;
    const outcome = this.#books.outcome(transfer.from, transfer.id);
    const pending = this.#books.queues.find(transfer.from, transfer.id);
    const undecided = this.#shortage.undecided.find(transfer.from, transfer.id);
    const before = outcome?.transfer ?? pending?.transfer ?? undecided?.transfer;
    if (!before) return false;
    const effects = this.#effects;
    if (!sameTransfer(before, transfer)) {
      const was = `${before.amount} to ${before.to}`;
      this.#refuse(id, new SynodError('id_conflict', `id: ${JSON.stringify(transfer.id)} was used for ${was} before`));
    } else if (undecided) {
      undecided.askers.push({ id, durability });
    } else if (pending) {
      this.#replies.pending([id], transfer, 'still pending', effects);
    } else if (outcome) {
      const mustWait = durability === 'committed' && this.#consensus.log.has(outcome.sequence);
      if (mustWait) this.#shortage.awaitCommit(outcome, id, command.gather, effects, now);
      else this.#replies.decided([id], outcome, effects);
    }
    return true;
  }

  #notReady(): SynodError {
    const { replaced, waits, identity } = this.#consensus.disk;
    if (replaced) return replaced;
    if (waits) {
      const message = `${this.#self} waits to be accepted as a replacement (disk ${identity}); nothing was done`;
      return new SynodError('not_ready', message);
    }
    const others = this.#members.length - 1;
    return new SynodError(
      'not_ready',
      `${this.#self} is new: it takes part once ${quorumSize(others)} of its ${others} peers know it; nothing was done`,
    );
  }

  #refuse(id: OperationId, error: SynodError): void {
    this.#effects.answer(id, { type: 'error', error });
  }
}

/** Narrows the ledger's records to those that Paxos wrote. */
function isPaxos(record: LedgerRecord): record is PaxosRecord<Transfer> {
  const { kind } = record;
  return kind !== 'account' && kind !== 'pending' && kind !== 'outcome';
}

function asPaxos(record: LedgerRecord | undefined): PaxosRecord<Transfer> | undefined {
  if (record === undefined) return undefined;
  invariant(isPaxos(record), 'Paxos reads only its own records');
  return record;
}
