import { invariant, type Effects, type NodeId } from '@synod/kernel';
import type { Consensus } from '@synod/paxos';
import { Accounts, type Account } from './accounts.js';
import { Outcomes } from './outcomes.js';
import type { LedgerBlock, LedgerProtocol } from './protocol.js';
import { Queues } from './queues.js';
import { ledgerKeys, type LedgerRecord, type Outcome, type OutcomeRecord, type PendingRecord } from './records.js';
import type { AccountId, LoggedTransfer, Transfer } from './transfer.js';

type LedgerEffects = Effects<LedgerProtocol>;

/**
 * The state of one home: balances, queues, outcomes and, inside `consensus`, the local log. Every change of it is
 * complete in one call and one durable write: check and append are one step, leaving the queue and entering the log
 * are one write.
 */
export class Books {
  readonly accounts: Accounts;
  readonly queues = new Queues();
  readonly #outcomes: Outcomes;
  readonly #self: NodeId;
  readonly #consensus: Consensus<Transfer>;

  constructor(options: { self: NodeId; accounts: readonly Account[]; window: number; consensus: Consensus<Transfer> }) {
    this.#self = options.self;
    this.#consensus = options.consensus;
    this.accounts = new Accounts(options.accounts);
    this.#outcomes = new Outcomes(options.window);
  }

  /** One record of what a crash left. Records arrive in the order of their keys. */
  recover(record: LedgerRecord): void {
    switch (record.kind) {
      case 'account':
        return this.accounts.recover(record.account, record.balance);
      case 'entry':
        return this.accounts.reserve(record.entry.value);
      case 'pending':
        return this.queues.recover(record);
      case 'outcome':
        return this.#recoverOutcome(record);
      default:
        return; // Paxos recovers its own
    }
  }

  outcome(account: AccountId, id: string): Outcome | undefined {
    return this.#outcomes.find(account, id);
  }

  /** Whether the account's next transfer can be executed now: nothing waits before it, and the money is there. */
  canExecute(transfer: Transfer): boolean {
    return this.queues.lengthOf(transfer.from) === 0 && this.accounts.covers(transfer);
  }

  execute(asked: Transfer, status: 'local' | 'consensus', effects: LedgerEffects): Outcome {
    const transfer = this.accounts.named(asked);
    invariant(this.accounts.covers(transfer), `${transfer.from} does not cover transfer ${transfer.id}`);
    this.accounts.reserve(transfer);
    const { sequence } = this.#consensus.append(transfer, effects);
    return this.#decide({ transfer, status, sequence, reason: '' }, effects);
  }

  reject(asked: Transfer, reason: string, effects: LedgerEffects): Outcome {
    const transfer = this.accounts.named(asked);
    return this.#decide({ transfer, status: 'rejected', sequence: 0, reason }, effects);
  }

  enqueue(transfer: Transfer, effects: LedgerEffects): PendingRecord {
    const record = this.queues.enqueue(transfer);
    effects.put(ledgerKeys.pending(record.number), record);
    return record;
  }

  /** Executes the heads of one account's queue for as long as they are covered. */
  executeHeads(account: AccountId, effects: LedgerEffects): Outcome[] {
    const executed: Outcome[] = [];
    for (;;) {
      const head = this.queues.first(account);
      if (!head || !this.accounts.covers(head.transfer)) return executed;
      this.queues.shift(account);
      effects.put(ledgerKeys.pending(head.number), undefined);
      executed.push(this.execute(head.transfer, 'consensus', effects));
    }
  }

  /** A block is committed: its transfers move the money, and the heads that it covers are executed. */
  apply(block: LedgerBlock, effects: LedgerEffects): Outcome[] {
    const { waits } = this.#consensus.disk;
    if (waits) this.#inherit(block, effects);
    return this.#committed(this.accounts.apply(block, waits ? undefined : this.#self), effects);
  }

  /** Blocks were skipped: so much is committed now, `own` of the local log with it. Covered heads are executed. */
  adopt(balances: ReadonlyMap<AccountId, bigint>, own: readonly LoggedTransfer[], effects: LedgerEffects): Outcome[] {
    return this.#committed(this.accounts.adopt(balances, own), effects);
  }

  #committed(changed: Iterable<AccountId>, effects: LedgerEffects): Outcome[] {
    for (const account of changed) {
      effects.put(ledgerKeys.account(account), { kind: 'account', account, balance: this.accounts.committed(account) });
    }
    return this.queues.accounts().flatMap((account) => this.executeHeads(account, effects));
  }

  /** A transfer that stands in the log rests once, as it did before. */
  #recoverOutcome({ number, transfer, status, sequence, reason }: OutcomeRecord): void {
    const logged = sequence > 0 ? this.#consensus.log.value(sequence) : undefined;
    this.#outcomes.recover({ transfer: logged ?? transfer, status, sequence, reason }, number);
  }

  /** What the disk before this one has executed: whoever asks again must not get it twice. How, nobody knows any more. */
  #inherit({ entries }: LedgerBlock, effects: LedgerEffects): void {
    for (const { owner, sequence, value: transfer } of entries) {
      if (owner === this.#self) this.#decide({ transfer, status: 'consensus', sequence, reason: '' }, effects);
    }
  }

  #decide(outcome: Outcome, effects: LedgerEffects): Outcome {
    const put = this.#outcomes.add(outcome);
    effects.put(put.key, put.value);
    for (const { key, value } of this.#outcomes.prune((sequence) => this.#consensus.log.has(sequence))) {
      effects.put(key, value);
    }
    return outcome;
  }
}
