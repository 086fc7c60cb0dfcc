import { quorumSize, SynodError, type Effects, type NodeId, type OperationId, type Time } from '@synod/kernel';
import type { Consensus, RoundEnd } from '@synod/paxos';
import type { Books } from './books.js';
import type { LedgerProtocol, TransferCommand, TransferOutcome } from './protocol.js';
import type { OutcomeRecord } from './records.js';
import type { AccountId, GatherFrom, Transfer } from './transfer.js';
import { UndecidedTransfers, type Undecided } from './undecided.js';

type LedgerEffects = Effects<LedgerProtocol>;

/** A request to attempt one account's queue, answered when its head stays short. */
interface QueueAttempt {
  readonly asker: OperationId;
  readonly account: AccountId;
  readonly gather: GatherFrom;
  readonly executed: string[];
  after: number;
}

/** Whoever waits for an executed transfer to be committed. */
interface CommitWaiter {
  readonly asker: OperationId;
  readonly outcome: OutcomeRecord;
}

/**
 * All that waits for a round: transfers that are short, attempts of queues, clients that want their transfer
 * committed. Many share one round. Only the server's own fresh round, committed or found empty, shows that the money
 * is nowhere: nothing else makes a transfer pending or refused, but for a missing majority.
 */
export class Shortage {
  readonly undecided = new UndecidedTransfers();
  readonly #books: Books;
  readonly #consensus: Consensus<Transfer>;
  readonly #members: readonly NodeId[];
  readonly #commitWaiters = new Map<number, CommitWaiter[]>();
  #queueAttempts: QueueAttempt[] = [];
  /** The queues want a round that starts after this many attempts. */
  #queuesAfter: number | undefined;

  constructor(books: Books, consensus: Consensus<Transfer>, members: readonly NodeId[]) {
    this.#books = books;
    this.#consensus = consensus;
    this.#members = members;
  }

  /** A transfer that can not be executed now waits for a round, behind those of its account that already do. */
  add(command: TransferCommand, asker: OperationId, effects: LedgerEffects, now: Time): void {
    this.undecided.push({ command, askers: [asker], after: this.#consensus.attempts });
    this.#consensus.want(command.gather, effects, now);
  }

  attemptQueue(account: AccountId, gather: GatherFrom, asker: OperationId, effects: LedgerEffects, now: Time): void {
    const executed = this.#books.executeHeads(account, effects).map(({ transfer }) => transfer.id);
    const attempt: QueueAttempt = { asker, account, gather, executed, after: this.#consensus.attempts };
    if (this.#books.queues.lengthOf(account) === 0) return this.#answerQueue(attempt, effects);
    this.#queueAttempts.push(attempt);
    this.#consensus.want(gather, effects, now);
  }

  /** The queues of this server want a round of their own. */
  attemptQueues(effects: LedgerEffects, now: Time): void {
    this.#queuesAfter = this.#consensus.attempts;
    this.#consensus.want(undefined, effects, now);
  }

  /** Answers `asker` when a block holds the executed transfer; a round is started for it. */
  awaitCommit(outcome: OutcomeRecord, asker: OperationId, gather: GatherFrom, effects: LedgerEffects, now: Time): void {
    const waiters = this.#commitWaiters.get(outcome.sequence) ?? [];
    this.#commitWaiters.set(outcome.sequence, [...waiters, { asker, outcome }]);
    this.#consensus.want(gather, effects, now);
  }

  /** A block was applied: it may have committed what somebody waits for, and executed heads of queues. */
  applied(executed: readonly OutcomeRecord[], effects: LedgerEffects): void {
    for (const [sequence, waiters] of this.#commitWaiters) {
      if (this.#consensus.log.has(sequence)) continue;
      this.#commitWaiters.delete(sequence);
      for (const { asker, outcome } of waiters) this.answer([asker], outcome, effects);
    }
    for (const attempt of this.#queueAttempts) {
      const own = executed.filter(({ transfer }) => transfer.from === attempt.account);
      if (own.length === 0) continue;
      attempt.executed.push(...own.map(({ transfer }) => transfer.id));
      attempt.after = this.#consensus.attempts;
    }
  }

  /** A round ended, or a block came: decides what is decided by it, and asks for the next round if somebody needs one. */
  ended(end: RoundEnd, effects: LedgerEffects, now: Time): void {
    const decisive = end.kind === 'empty' || (end.kind === 'fresh' && !end.more) ? end.attempt : 0;
    for (const account of this.undecided.accounts()) this.#decide(account, end, decisive, effects);
    const missed = end.kind === 'no-quorum' || end.kind === 'silent';
    if (end.kind === 'no-quorum') this.#giveUpCommits(effects);
    this.#queueAttempts = this.#queueAttempts.filter((attempt) => {
      const isOver = missed || attempt.after < decisive || this.#books.queues.lengthOf(attempt.account) === 0;
      if (isOver) this.#answerQueue(attempt, effects, end);
      return !isOver;
    });
    if (missed || (this.#queuesAfter ?? decisive) < decisive) this.#queuesAfter = undefined;
    this.#wantMore(effects, now);
  }

  /** Tells every asker what became of its transfer. */
  answer(askers: readonly OperationId[], record: OutcomeRecord, effects: LedgerEffects): void {
    const { transfer, status, sequence, reason } = record;
    const committed = sequence > 0 && !this.#consensus.log.has(sequence);
    const outcome: TransferOutcome = {
      id: transfer.id,
      status,
      sequence,
      reason,
      committed,
      height: this.#consensus.height,
    };
    for (const asker of askers) effects.answer(asker, { type: 'outcome', outcome });
  }

  answerPending(askers: readonly OperationId[], transfer: Transfer, reason: string, effects: LedgerEffects): void {
    const { height } = this.#consensus;
    const outcome: TransferOutcome = {
      id: transfer.id,
      status: 'pending',
      sequence: 0,
      reason,
      committed: false,
      height,
    };
    for (const asker of askers) effects.answer(asker, { type: 'outcome', outcome });
  }

  /** Decides one account's transfers in their order, up to the first that needs another round. */
  #decide(account: AccountId, end: RoundEnd, decisive: number, effects: LedgerEffects): void {
    for (;;) {
      const item = this.undecided.first(account);
      if (!item) return;
      const { transfer } = item.command;
      if (this.#books.canExecute(transfer)) this.#execute(item, effects);
      else if (end.kind === 'no-quorum') this.#decideShort(item, this.#noMajority(), effects);
      else if (end.kind === 'silent' && item.command.gather) this.#fail(item, end.missing, effects);
      else if (item.after < decisive || this.#joinsQueue(item))
        this.#decideShort(item, this.#shortBy(transfer), effects);
      else return;
    }
  }

  #joinsQueue({ command: { transfer, short } }: Undecided): boolean {
    return short === 'queue' && this.#books.queues.lengthOf(transfer.from) > 0;
  }

  #execute(item: Undecided, effects: LedgerEffects): void {
    this.undecided.remove(item);
    const outcome = this.#books.execute(item.command.transfer, 'consensus', effects);
    if (item.command.durability === 'local') return this.answer(item.askers, outcome, effects);
    const waiters = item.askers.map((asker) => ({ asker, outcome }));
    this.#commitWaiters.set(outcome.sequence, waiters);
  }

  #decideShort(item: Undecided, reason: string, effects: LedgerEffects): void {
    this.undecided.remove(item);
    const { transfer, short } = item.command;
    if (short === 'reject') return this.answer(item.askers, this.#books.reject(transfer, reason, effects), effects);
    this.#books.enqueue(transfer, effects);
    this.answerPending(item.askers, transfer, reason, effects);
  }

  #fail(item: Undecided, missing: readonly NodeId[], effects: LedgerEffects): void {
    this.undecided.remove(item);
    for (const asker of item.askers) effects.answer(asker, { type: 'error', error: silent(missing) });
  }

  /** What was executed stays executed; that it is committed can not be said. */
  #giveUpCommits(effects: LedgerEffects): void {
    for (const waiters of this.#commitWaiters.values()) {
      for (const { asker, outcome } of waiters) {
        const reason = `executed, but not committed yet: ${this.#noMajority()}`;
        this.answer([asker], { ...outcome, reason }, effects);
      }
    }
    this.#commitWaiters.clear();
  }

  #answerQueue(attempt: QueueAttempt, effects: LedgerEffects, end?: RoundEnd): void {
    const { height } = this.#consensus;
    effects.answer(
      attempt.asker,
      end?.kind === 'silent'
        ? { type: 'error', error: silent(end.missing) }
        : { type: 'queue', executed: attempt.executed, height },
    );
  }

  #wantMore(effects: LedgerEffects, now: Time): void {
    const gathers = [...this.undecided.all()].map((item) => item.command.gather);
    gathers.push(...this.#queueAttempts.map((attempt) => attempt.gather));
    if (this.#queuesAfter !== undefined || this.#commitWaiters.size > 0) gathers.push(undefined);
    if (gathers.length === 0) return;
    this.#consensus.want(
      gathers.find((gather) => gather !== undefined),
      effects,
      now,
    );
  }

  #shortBy({ from, amount }: Transfer): string {
    const ahead = this.#books.queues.lengthOf(from);
    const has = `${from} holds ${this.#books.accounts.spendable(from)}, ${amount} needed`;
    return ahead === 0 ? `insufficient funds: ${has}` : `insufficient funds: ${ahead} pending before it, ${has}`;
  }

  #noMajority(): string {
    const connected = this.#consensus.linked.size + 1;
    const all = this.#members.length;
    return `no majority answered: ${connected} of ${all} servers connected, ${quorumSize(all)} needed`;
  }
}

function silent(missing: readonly NodeId[]): SynodError {
  return new SynodError(
    'unavailable',
    `${missing.join(', ')} did not contribute to the round in time; nothing was decided`,
  );
}
