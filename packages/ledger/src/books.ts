import { invariant, type Effects, type NodeId } from '@synod/kernel';
import type { Consensus } from '@synod/paxos';
import { Accounts, type Account } from './accounts.js';
import { Outcomes } from './outcomes.js';
import type { LedgerBlock, LedgerProtocol } from './protocol.js';
import { Queues } from './queues.js';
import { ledgerKeys, type LedgerRecord, type OutcomeRecord, type PendingRecord } from './records.js';
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

  constructor(options: {
    self: NodeId;
    accounts: readonly Account[];
    window: number;
    consensus: Consensus<Transfer>;
    records: readonly (readonly [key: string, record: LedgerRecord])[];
  }) {
    this.#self = options.self;
    this.#consensus = options.consensus;
    this.accounts = new Accounts(options.accounts);
    this.#outcomes = new Outcomes(options.window);
    for (const [, record] of options.records) this.#recover(record);
    this.accounts.recovered();
  }

  outcome(account: AccountId, id: string): OutcomeRecord | undefined {
    return this.#outcomes.find(account, id);
  }

  /** Whether the account's next transfer can be executed now: nothing waits before it, and the money is there. */
  canExecute(transfer: Transfer): boolean {
    return this.queues.lengthOf(transfer.from) === 0 && this.accounts.covers(transfer);
  }

  execute(transfer: Transfer, status: 'local' | 'consensus', effects: LedgerEffects): OutcomeRecord {
    invariant(this.accounts.covers(transfer), `${transfer.from} does not cover transfer ${transfer.id}`);
    this.accounts.reserve(transfer);
    const { sequence } = this.#consensus.append(transfer, effects);
    return this.#decide({ transfer, status, sequence, reason: '' }, effects);
  }

  reject(transfer: Transfer, reason: string, effects: LedgerEffects): OutcomeRecord {
    return this.#decide({ transfer, status: 'rejected', sequence: 0, reason }, effects);
  }

  enqueue(transfer: Transfer, effects: LedgerEffects): PendingRecord {
    const record = this.queues.enqueue(transfer);
    effects.put(ledgerKeys.pending(record.number), record);
    return record;
  }

  /** Executes the heads of one account's queue for as long as they are covered. */
  executeHeads(account: AccountId, effects: LedgerEffects): OutcomeRecord[] {
    const executed: OutcomeRecord[] = [];
    for (;;) {
      const head = this.queues.first(account);
      if (!head || !this.accounts.covers(head.transfer)) return executed;
      this.queues.shift(account);
      effects.put(ledgerKeys.pending(head.number), undefined);
      executed.push(this.execute(head.transfer, 'consensus', effects));
    }
  }

  /** A block is committed: its transfers move the money, and the heads that it covers are executed. */
  apply(block: LedgerBlock, effects: LedgerEffects): OutcomeRecord[] {
    const { waits } = this.#consensus.disk;
    if (waits) this.#inherit(block, effects);
    return this.#committed(this.accounts.apply(block, waits ? undefined : this.#self), effects);
  }

  /** Blocks were skipped: so much is committed now, `own` of the local log with it. Covered heads are executed. */
  adopt(
    balances: ReadonlyMap<AccountId, bigint>,
    own: readonly LoggedTransfer[],
    effects: LedgerEffects,
  ): OutcomeRecord[] {
    return this.#committed(this.accounts.adopt(balances, own), effects);
  }

  #committed(changed: Iterable<AccountId>, effects: LedgerEffects): OutcomeRecord[] {
    for (const account of changed) {
      effects.put(ledgerKeys.account(account), { kind: 'account', account, balance: this.accounts.committed(account) });
    }
    return this.queues.accounts().flatMap((account) => this.executeHeads(account, effects));
  }

  /** What the disk before this one has executed: whoever asks again must not get it twice. How, nobody knows any more. */
  #inherit({ entries }: LedgerBlock, effects: LedgerEffects): void {
    for (const { owner, sequence, value: transfer } of entries) {
      if (owner === this.#self) this.#decide({ transfer, status: 'consensus', sequence, reason: '' }, effects);
    }
  }

  #decide(
    decision: { transfer: Transfer; status: OutcomeRecord['status']; sequence: number; reason: string },
    effects: LedgerEffects,
  ): OutcomeRecord {
    const { record, put } = this.#outcomes.add(decision);
    effects.put(put.key, put.value);
    for (const { key, value } of this.#outcomes.prune((sequence) => this.#consensus.log.has(sequence))) {
      effects.put(key, value);
    }
    return record;
  }

  #recover(record: LedgerRecord): void {
    switch (record.kind) {
      case 'account':
        return this.accounts.recover(record.account, record.balance);
      case 'entry':
        return this.accounts.reserve(record.entry.value);
      case 'pending':
        return this.queues.recover(record);
      case 'outcome':
        return this.#outcomes.recover(record);
      default:
        return; // Paxos recovers its own
    }
  }
}
