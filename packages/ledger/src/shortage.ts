import { quorumSize, SynodError, type Effects, type NodeId, type OperationId, type Time } from '@synod/kernel';
import type { Consensus, RoundEnd } from '@synod/paxos';
import type { Books } from './books.js';
import { isMinority } from './checks.js';
import { CommitWaiters } from './commit-waiters.js';
import type { LedgerProtocol, TransferCommand } from './protocol.js';
import { QueueAttempts, type QueueAttempt } from './queue-attempts.js';
import type { Outcome } from './records.js';
import type { Replies } from './replies.js';
import type { AccountId, Durability, GatherFrom, LoggedTransfer, Transfer } from './transfer.js';
import type { Undecided } from './undecided.js';
import { Waiting } from './waiting.js';

type LedgerEffects = Effects<LedgerProtocol>;

/**
 * All that waits for a round: transfers that are short, attempts of queues, clients that want their transfer
 * committed. Many share one round. Only the server's own fresh round, committed or found empty, shows that the money
 * is nowhere: nothing else makes a transfer pending or refused, but for a missing majority.
 */
export class Shortage {
  readonly undecided = new Waiting<Undecided>();
  readonly #self: NodeId;
  readonly #members: readonly NodeId[];
  readonly #books: Books;
  readonly #consensus: Consensus<Transfer>;
  readonly #replies: Replies;
  readonly #commits = new CommitWaiters();
  readonly #attempts = new QueueAttempts();
  /** The queues want a round that starts after this many attempts. */
  #queuesAfter: number | undefined;

  constructor(context: {
    self: NodeId;
    members: readonly NodeId[];
    books: Books;
    consensus: Consensus<Transfer>;
    replies: Replies;
  }) {
    this.#self = context.self;
    this.#members = context.members;
    this.#books = context.books;
    this.#consensus = context.consensus;
    this.#replies = context.replies;
  }

  /** A transfer that can not be executed now waits for a round, behind those of its account that already do. */
  add(command: TransferCommand, asker: OperationId, effects: LedgerEffects, now: Time): void {
    const { transfer, short, durability, gather } = command;
    const askers = [{ id: asker, durability }];
    this.undecided.push({ transfer, short, gather, askers, after: this.#consensus.attempts });
    if (this.#hasRound(gather)) this.#consensus.want(gather, effects, now);
    else this.#decide(transfer.from, { kind: 'other' }, 0, effects);
  }

  attemptQueue(account: AccountId, gather: GatherFrom, asker: OperationId, effects: LedgerEffects, now: Time): void {
    const attempt = { asker, account, gather, executed: [], after: this.#consensus.attempts };
    const isWorthARound = this.#books.queues.lengthOf(account) > 0 && this.#hasRound(gather);
    if (!isWorthARound) return this.#answerQueue(attempt, effects);
    this.#attempts.add(attempt);
    this.#consensus.want(gather, effects, now);
  }

  /** The queues of this server want a round of their own. */
  attemptQueues(effects: LedgerEffects, now: Time): void {
    this.#queuesAfter = this.#consensus.attempts;
    this.#consensus.want(undefined, effects, now);
  }

  /** Answers `asker` when a block holds the executed transfer; a round is started for it. */
  awaitCommit(outcome: Outcome, asker: OperationId, gather: GatherFrom, effects: LedgerEffects, now: Time): void {
    this.#commits.add(outcome, [asker]);
    this.#consensus.want(this.#hasRound(gather) ? gather : undefined, effects, now);
  }

  /** These entries are committed: somebody may have waited for them. Heads of queues were executed. */
  applied(entries: readonly LoggedTransfer[], executed: readonly Outcome[], effects: LedgerEffects): void {
    for (const { outcome, askers } of this.#commits.committed(entries, this.#self)) {
      this.#replies.decided(askers, outcome, effects);
    }
    this.#attempts.executed(executed, this.#consensus.attempts);
  }

  /** A round ended, or a block came: decides what is decided by it, and asks for the next round if somebody needs one. */
  ended(end: RoundEnd, effects: LedgerEffects, now: Time): void {
    const decisive = end.kind === 'empty' || (end.kind === 'fresh' && !end.more) ? end.attempt : 0;
    for (const account of this.undecided.accounts()) this.#decide(account, end, decisive, effects);
    const noQuorum = end.kind === 'no-quorum';
    if (noQuorum) this.#giveUpCommits(effects);
    const isOver = ({ account, after, gather }: QueueAttempt): boolean =>
      noQuorum || fails(end, gather) || after < decisive || this.#books.queues.lengthOf(account) === 0;
    for (const attempt of this.#attempts.take(isOver)) this.#answerQueue(attempt, effects, end);
    const served = noQuorum || (this.#queuesAfter ?? 0) < decisive || this.#books.queues.isEmpty;
    if (served) this.#queuesAfter = undefined;
    this.#wantMore(effects, now);
  }

  /** Nobody decides anything here any more. What only this log and this queue hold is lost. */
  fail(error: SynodError, effects: LedgerEffects): void {
    const undecided = this.undecided.takeAll().flatMap(({ askers }) => askers.map(({ id }) => id));
    const committing = this.#commits.takeAll().flatMap(({ askers }) => askers);
    const attempts = this.#attempts.take(() => true).map(({ asker }) => asker);
    for (const id of [...undecided, ...committing, ...attempts]) effects.answer(id, { type: 'error', error });
    this.#queuesAfter = undefined;
  }

  /** Decides one account's transfers in their order, up to the first that needs another round. */
  #decide(account: AccountId, end: RoundEnd, decisive: number, effects: LedgerEffects): void {
    for (;;) {
      const item = this.undecided.first(account);
      if (!item) return;
      const { transfer, gather } = item;
      if (this.#books.canExecute(transfer)) this.#execute(item, effects);
      else if (end.kind === 'no-quorum') this.#decideShort(item, this.#noMajority(), effects);
      else if (!this.#hasRound(gather)) this.#decideShort(item, this.#tooFew(), effects);
      else if (fails(end, gather)) this.#fail(item, end.missing, effects);
      else if (item.after < decisive || this.#joinsQueue(item)) {
        this.#decideShort(item, this.#shortBy(transfer), effects);
      } else return;
    }
  }

  #joinsQueue({ transfer, short }: Undecided): boolean {
    return short === 'queue' && this.#books.queues.lengthOf(transfer.from) > 0;
  }

  #execute({ transfer, askers }: Undecided, effects: LedgerEffects): void {
    this.undecided.shift(transfer.from);
    const outcome = this.#books.execute(transfer, 'consensus', effects);
    const wants = (wanted: Durability): OperationId[] =>
      askers.filter(({ durability }) => durability === wanted).map(({ id }) => id);
    this.#replies.decided(wants('local'), outcome, effects);
    const committed = wants('committed');
    if (committed.length > 0) this.#commits.add(outcome, committed);
  }

  #decideShort({ transfer, short, askers }: Undecided, reason: string, effects: LedgerEffects): void {
    this.undecided.shift(transfer.from);
    const ids = askers.map(({ id }) => id);
    if (short === 'reject') return this.#replies.decided(ids, this.#books.reject(transfer, reason, effects), effects);
    this.#books.enqueue(transfer, effects);
    this.#replies.pending(ids, transfer, reason, effects);
  }

  #fail({ transfer, askers }: Undecided, missing: readonly NodeId[], effects: LedgerEffects): void {
    this.undecided.shift(transfer.from);
    for (const { id } of askers) effects.answer(id, { type: 'error', error: silent(missing) });
  }

  /** What was executed stays executed; that it is committed can not be said. */
  #giveUpCommits(effects: LedgerEffects): void {
    const reason = `executed, but not committed yet: ${this.#noMajority()}`;
    for (const { outcome, askers } of this.#commits.takeAll()) this.#replies.decided(askers, outcome, effects, reason);
  }

  #answerQueue({ asker, executed, gather }: QueueAttempt, effects: LedgerEffects, end?: RoundEnd): void {
    const { height } = this.#consensus;
    effects.answer(
      asker,
      end && fails(end, gather) ? { type: 'error', error: silent(end.missing) } : { type: 'queue', executed, height },
    );
  }

  #wantMore(effects: LedgerEffects, now: Time): void {
    const waiting = [...this.undecided.all(), ...this.#attempts];
    if (waiting.length === 0 && this.#queuesAfter === undefined && this.#commits.isEmpty) return;
    const strict = waiting.find(({ gather }) => gather !== undefined && this.#hasRound(gather));
    this.#consensus.want(strict?.gather, effects, now);
  }

  #hasRound(gather: GatherFrom): boolean {
    return !isMinority(gather, this.#members);
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

  #tooFew(): string {
    const all = this.#members.length;
    return `no majority: too few servers to gather from, ${quorumSize(all)} of ${all} needed`;
  }
}

/** Whether the round failed those who had to gather from servers that stayed silent; others go on without these. */
function fails(end: RoundEnd, gather: GatherFrom): end is Extract<RoundEnd, { kind: 'silent' }> {
  return end.kind === 'silent' && gather !== undefined && gather.some((server) => end.missing.includes(server));
}

function silent(missing: readonly NodeId[]): SynodError {
  return new SynodError(
    'unavailable',
    `${missing.join(', ')} did not contribute to the round in time; nothing was decided`,
  );
}
