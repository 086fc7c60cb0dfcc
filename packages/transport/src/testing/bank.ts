import {
  SynodError,
  type CallObserver,
  type PerformanceReport,
  type ServerEvent,
  type TracedMessage,
} from '@synod/kernel';
import {
  sameTransfer,
  transferCodec,
  type AccountBalance,
  type AccountId,
  type LedgerBlock,
  type LedgerCommand,
  type LedgerResult,
  type LedgerStatus,
  type LoggedTransfer,
  type ServerReport,
  type Transfer,
  type TransferCommand,
  type TransferOutcome,
} from '@synod/ledger';
import { makeBlock, noBallot } from '@synod/paxos';
import type { LedgerBackend } from '../ledger/ledger-backend.js';
import type { NodeBackend, NodeDescription, PerformanceOptions } from '../node/node-backend.js';
import type { ReportChange } from '../node/report-source.js';

export interface BankOptions {
  readonly server?: string;
  /** Home of each account; every account starts with 100. Default: one account of the server's own name, and S2. */
  readonly homes?: Readonly<Record<AccountId, string>>;
}

const genesis = '0'.repeat(64);

/**
 * A bank in memory behind the ledger service: one server without peers, consensus or disk. To test clients against:
 * it remembers what it was asked, and can be told to hold its answers back or to refuse.
 */
export class Bank implements LedgerBackend, NodeBackend, CallObserver {
  readonly server: string;
  readonly homes: Readonly<Record<AccountId, string>>;
  /** Every command, in order of arrival. */
  readonly commands: LedgerCommand[] = [];
  /** Every call that was counted. */
  readonly calls: { readonly method: string; readonly ok: boolean }[] = [];
  readonly blocks: LedgerBlock[] = [];
  readonly log: LoggedTransfer[] = [];
  readonly pending: Transfer[] = [];
  /** How often a report was asked for. */
  reports = 0;
  /** Commands are answered with this error instead of being done. */
  refusal: SynodError | undefined;
  readonly #balances = new Map<AccountId, bigint>();
  readonly #outcomes = new Map<string, { readonly transfer: Transfer; outcome: TransferOutcome }>();
  readonly #changeListeners = new Set<(change: ReportChange) => void>();
  readonly #eventListeners = new Set<(event: ServerEvent) => void>();
  readonly #messageListeners = new Set<(message: TracedMessage) => void>();
  readonly #events: ServerEvent[] = [];
  #held: (() => void)[] | undefined;

  constructor({ server = 'S1', homes = { S1: 'S1', S2: 'S2' } }: BankOptions = {}) {
    this.server = server;
    this.homes = homes;
    for (const account of Object.keys(homes)) this.#balances.set(account, 100n);
  }

  get description(): NodeDescription {
    const servers = [...new Set([this.server, ...Object.values(this.homes)])].map((id) => ({ id, address: '' }));
    const services = ['synod.ledger.v1.LedgerService'];
    return {
      cluster: 'bank',
      server: this.server,
      servers,
      services,
      disk: 'd15cd15cd15cd15c',
      waits: false,
      since: 0,
    };
  }

  /** From now on what is asked is done, but the answers wait for `release`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  invoke(command: LedgerCommand, done: (result: LedgerResult) => void): void {
    this.commands.push(command);
    const result: LedgerResult = this.refusal ? { type: 'error', error: this.refusal } : this.#do(command);
    if (this.#held) this.#held.push(() => done(result));
    else setImmediate(done, result);
  }

  /** Puts everything in the log into a block. */
  commit(): void {
    const previous = this.blocks.at(-1)?.hash ?? genesis;
    const content = { height: this.blocks.length + 1, previous, ballot: { round: 1, server: this.server } };
    this.blocks.push(makeBlock({ ...content, entries: this.log.splice(0) }, transferCodec));
    this.change('state');
  }

  change(change: ReportChange): void {
    for (const listener of this.#changeListeners) listener(change);
  }

  emit(kind: string): void {
    const event: ServerEvent = {
      sequence: this.#events.length + 1,
      timeMs: Date.now(),
      server: this.server,
      level: 'warn',
      kind,
      message: `something happened: ${kind}`,
      fields: { height: String(this.blocks.length) },
    };
    this.#events.push(event);
    for (const listener of this.#eventListeners) listener(event);
  }

  async report(): Promise<ServerReport> {
    this.reports++;
    return {
      status: this.#status(),
      own: [this.#balance(this.server)],
      performance: {
        transfersPerSecond: 1.5,
        p50Ms: 0.25,
        p99Ms: 2,
        writes: { count: this.log.length, p50Ms: 0.5, p99Ms: 3 },
        loopDelayMs: 0.125,
      },
    };
  }

  performance({ recent }: PerformanceOptions): PerformanceReport {
    const timings = [...this.#outcomes.values()].map(({ outcome: { id, status } }) => ({ id, status, ms: 0.5 }));
    const times = { count: timings.length, meanMs: 0.5, p50Ms: 0.5, p99Ms: 0.5 };
    return {
      server: this.server,
      methods: [{ method: 'synod.ledger.v1.LedgerService/Transfer', failed: 1, totalMs: 2, ...times }],
      requests: { ...times, perSecond: 0.1, recent: timings.slice(-recent) },
      writes: { count: 1, p50Ms: 0.5, p99Ms: 0.5 },
      loopDelayMs: 0.125,
    };
  }

  onChange(listener: (change: ReportChange) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onMessage(listener: (message: TracedMessage) => void): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  /** As if a message to or from a peer had passed. */
  pass(message: TracedMessage): void {
    for (const listener of this.#messageListeners) listener(message);
  }

  /** How many watch changes, events or messages now. */
  get watchers(): number {
    return this.#changeListeners.size + this.#eventListeners.size + this.#messageListeners.size;
  }

  events(count: number): readonly ServerEvent[] {
    return count === 0 ? [] : this.#events.slice(-count);
  }

  called(method: string, _ms: number, ok: boolean): void {
    this.calls.push({ method, ok });
  }

  #do(command: LedgerCommand): LedgerResult {
    const height = this.blocks.length;
    const { server } = this;
    switch (command.type) {
      case 'transfer':
        return this.#transfer(command);
      case 'attempt-queue':
        return { type: 'queue', executed: this.#executeQueue(command.account), height };
      case 'balance':
        return command.account in this.homes
          ? { type: 'balance', balance: this.#balance(command.account) }
          : failure(new SynodError('unknown_account', `there is no account ${command.account}`));
      case 'balance-map':
        return {
          type: 'balance-map',
          map: { server, height, balances: Object.keys(this.homes).map((account) => this.#balance(account)) },
        };
      case 'log':
        return {
          type: 'log',
          log: { server, height, entries: this.log.slice(command.after ?? 0), pending: this.pending },
        };
      case 'blocks':
        // Two at a time, as a server would split what is too long for one answer.
        return {
          type: 'blocks',
          blocks: this.blocks.slice(command.from - 1).slice(0, Math.min(command.limit, 2)),
          height,
        };
      case 'status':
        return { type: 'status', status: this.#status() };
      case 'replace':
        return { type: 'replaced', height, sequence: 0 };
    }
  }

  #transfer({ transfer, short }: TransferCommand): LedgerResult {
    const home = this.homes[transfer.from];
    if (home === undefined) return failure(new SynodError('unknown_account', `there is no account ${transfer.from}`));
    if (home !== this.server) return failure(new SynodError('wrong_home', `${home} executes ${transfer.from}`));
    const before = this.#outcomes.get(transfer.id);
    if (before && !sameTransfer(before.transfer, transfer)) {
      return failure(new SynodError('id_conflict', `id ${transfer.id} was used with other content`));
    }
    const outcome = before?.outcome ?? this.#decide(transfer, short === 'queue');
    this.#outcomes.set(transfer.id, { transfer, outcome });
    return { type: 'outcome', outcome };
  }

  #decide(transfer: Transfer, queue: boolean): TransferOutcome {
    const base = { id: transfer.id, sequence: 0, reason: '', committed: false, height: this.blocks.length };
    if (this.#balances.get(transfer.from)! >= transfer.amount) {
      return { ...base, status: 'local', sequence: this.#execute(transfer) };
    }
    if (!queue) return { ...base, status: 'rejected', reason: 'insufficient funds' };
    this.pending.push(transfer);
    return { ...base, status: 'pending', reason: 'waits for money' };
  }

  #execute(transfer: Transfer): number {
    const { from, to, amount } = transfer;
    this.#balances.set(from, this.#balances.get(from)! - amount);
    this.#balances.set(to, (this.#balances.get(to) ?? 0n) + amount);
    const sequence = this.log.length + 1;
    this.log.push({ owner: this.server, sequence, value: transfer });
    return sequence;
  }

  #executeQueue(account: AccountId): string[] {
    const executed: string[] = [];
    for (let head = this.pending[0]; head; head = this.pending[0]) {
      if (head.from !== account || this.#balances.get(account)! < head.amount) break;
      this.pending.shift();
      this.#execute(head);
      executed.push(head.id);
    }
    return executed;
  }

  #balance(account: AccountId): AccountBalance {
    const spendable = this.#balances.get(account)!;
    return { account, home: this.homes[account]!, committed: 100n, spendable, pending: this.pending.length };
  }

  #status(): LedgerStatus {
    return {
      server: this.server,
      height: this.blocks.length,
      hash: this.blocks.at(-1)?.hash ?? genesis,
      promised: noBallot,
      round: { ballot: { round: 7, server: this.server }, phase: 'accept' },
      logLength: this.log.length,
      pending: this.pending.length,
      undecided: 0,
      connected: ['S2', 'S10'],
      ready: true,
      catchingUp: false,
      missing: undefined,
      disk: 'd15cd15cd15cd15c',
      waits: false,
    };
  }
}

function failure(error: SynodError): LedgerResult {
  return { type: 'error', error };
}
