import { invariant, type Input, type Machine, type NodeId, type Output, type Time } from '@synod/kernel';
import { liveKeys, makeBlock, paxosKeys, type Block, type Entry, type PaxosMessage } from '@synod/paxos';
import { ledgerMachine } from '../machine.js';
import { nodesUpTo } from '@synod/simulator';
import type { LedgerOptions } from '../options.js';
import type { LedgerCommand, LedgerProtocol, LedgerResult, TransferCommand } from '../protocol.js';
import type { LedgerRecord } from '../records.js';
import { writeBalances } from '../snapshot.js';
import { transferCodec, type AccountId, type Transfer } from '../transfer.js';
import { genesis } from '../simulation/simulated-bank.js';

type Message = PaxosMessage<Transfer>;

/** `50 to S2`, from S1 unless said otherwise. */
export function transfer(id: string, what: string, from: AccountId = 'S1'): Transfer {
  const { amount, to } = /^(?<amount>-?\d+) to (?<to>\w+)$/.exec(what)!.groups!;
  return { id, from, to: to!, amount: BigInt(amount!) };
}

/**
 * The home S1 alone, its peers in the hands of the test: what goes in is a call, what comes out are lines, one per
 * durable write (`write entry 1 t1, outcome t1 local`), round begun (`round 1`) and answer (`1: local 1`). What it
 * sends to itself arrives at once. Answers are numbered by invocation.
 */
export class LoneHome {
  readonly #options: LedgerOptions;
  readonly #stored: Map<string, LedgerRecord>;
  #machine: Machine<LedgerProtocol>;
  #now: Time = 0;
  #operations = 0;
  #round: Extract<Message, { type: 'prepare' }> | undefined;
  #proposed: Block<Transfer> | undefined;
  readonly #sequences = new Map<NodeId, number>();
  #chain: Block<Transfer>[] = [];
  /** The last answer, whole. */
  last: LedgerResult | undefined;

  constructor(options: Partial<LedgerOptions> & { servers?: number; known?: boolean } = {}) {
    const { servers = 3, known = true, ...rest } = options;
    const members = nodesUpTo(servers);
    const accounts = members.map((id) => ({ id, home: id, initial: 100n }));
    this.#options = { self: 'S1', members, accounts, genesis, random: () => 0.5, ...rest };
    this.#stored = new Map(
      known ? [[paxosKeys.identity, { kind: 'identity', identity: 'd15c', standing: 'established' }]] : [],
    );
    this.#machine = this.#start();
  }

  /** Keys of what its disk holds, under a prefix. */
  keys(prefix: string): string[] {
    return [...this.#stored.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  record(key: string): LedgerRecord | undefined {
    return this.#stored.get(key);
  }

  transfer(id: string, what: string, options: Partial<TransferCommand> & { from?: AccountId } = {}): string[] {
    const { from, ...rest } = options;
    const defaults = { type: 'transfer', short: 'queue', durability: 'local', gather: undefined } as const;
    return this.ask({ ...defaults, transfer: transfer(id, what, from), ...rest });
  }

  ask(command: LedgerCommand): string[] {
    return this.#step({ kind: 'invoke', id: ++this.#operations, command });
  }

  spendable(account: AccountId = 'S1'): bigint {
    this.ask({ type: 'balance', account });
    invariant(this.last?.type === 'balance', 'the balance is told');
    return this.last.balance.spendable;
  }

  link(peer: NodeId, up = true): string[] {
    return this.#step({ kind: 'link', peer, up });
  }

  /** Lets time pass, with every wake that is due. */
  wait(ms: number): string[] {
    const until = this.#now + ms;
    const lines: string[] = [];
    for (;;) {
      const wakeAt = this.#machine.wakeAt ?? Number.POSITIVE_INFINITY;
      this.#now = Math.max(this.#now, Math.min(wakeAt, until));
      if (wakeAt > until) return lines;
      lines.push(...this.#step({ kind: 'wake' }));
    }
  }

  /** `from` promises the running round, with these transfers in its log. */
  promise(from: NodeId, ...log: Transfer[]): string[] {
    invariant(this.#round, 'a round is under way');
    const { ballot, height } = this.#round;
    const entries = this.#entries(from, log);
    return this.deliver(from, {
      type: 'promise',
      ballot,
      height,
      accepted: undefined,
      log: entries,
      more: false,
      wants: false,
    });
  }

  /** `from` accepts what the running round proposes. */
  accept(from: NodeId): string[] {
    invariant(this.#round && this.#proposed, 'a block is proposed');
    const { ballot, height } = this.#round;
    return this.deliver(from, { type: 'accepted', ballot, height });
  }

  /** A block of another server's round arrives, of these transfers of that server, and these entries of S1's log. */
  block(from: NodeId, transfers: readonly Transfer[], own: readonly Transfer[] = []): string[] {
    const height = this.#chain.length + 1;
    const previous = this.#chain.at(-1)?.hash ?? genesis;
    const ballot = { round: 1000 + height, server: from };
    const entries = [...this.#entries('S1', own), ...this.#entries(from, transfers)];
    for (const { owner, sequence } of entries) this.#sequences.set(owner, sequence);
    this.#chain.push(makeBlock({ height, previous, ballot, entries }, transferCodec));
    return this.redeliver(from);
  }

  /** A snapshot of another server's chain arrives instead of `blocks` of them: its balances, and the sequences in it. */
  snapshot(
    from: NodeId,
    height: number,
    balances: Record<AccountId, bigint>,
    sequences: Record<NodeId, number>,
  ): string[] {
    const state = writeBalances(new Map(Object.entries(balances)));
    const message = { height, hash: 'f'.repeat(64), sequences: Object.entries(sequences), members: [], state };
    return this.deliver(from, { type: 'snapshot', ballot: { round: 0, server: from }, ...message });
  }

  /** All blocks so far arrive, once more or for the first time. */
  redeliver(from: NodeId): string[] {
    const height = this.#chain.length;
    return this.deliver(from, { type: 'blocks', ballot: { round: 0, server: from }, height, blocks: this.#chain });
  }

  deliver(from: NodeId, message: Message): string[] {
    return this.#step({ kind: 'deliver', from, message });
  }

  /** The process ends and starts from its disk. Answers are numbered on. */
  restart(): void {
    this.#round = undefined;
    this.#machine = this.#start();
  }

  #start(): Machine<LedgerProtocol> {
    const records = [...this.#stored].filter(([key]) => key >= liveKeys.from && key < liveKeys.to).sort();
    const reader = { get: (key: string) => this.#stored.get(key) };
    const builder = ledgerMachine(this.#options).recover(reader, this.#now);
    for (const [key, record] of records) builder.add(key, record);
    return builder.build();
  }

  #step(input: Input<LedgerProtocol>): string[] {
    const output = this.#machine.step(input, this.#now);
    const lines = this.#show(output);
    for (const { key, value } of output.persist) {
      if (value) this.#stored.set(key, value);
      else this.#stored.delete(key);
      if (value?.kind === 'block') this.#learn(value.block);
    }
    for (const { to, message } of output.send) {
      if (message.type === 'accept') this.#proposed = message.block;
      if (message.type === 'prepare' && message.ballot.round !== this.#round?.ballot.round) {
        this.#round = message;
        lines.push(`round ${message.ballot.round}`);
      }
      if (to === 'S1') lines.push(...this.#step({ kind: 'deliver', from: to, message }));
    }
    return lines;
  }

  #learn(block: Block<Transfer>): void {
    this.#chain[block.height - 1] = block;
    for (const { owner, sequence } of block.entries) this.#sequences.set(owner, sequence);
  }

  #entries(owner: NodeId, transfers: readonly Transfer[]): Entry<Transfer>[] {
    const last = this.#sequences.get(owner) ?? 0;
    return transfers.map((value, i) => ({ owner, sequence: last + i + 1, value }));
  }

  #show({ persist, complete }: Output<LedgerProtocol>): string[] {
    const puts = persist.flatMap(({ key, value }) => showPut(value, this.#stored.get(key)));
    const answers = complete.map(({ id, result }) => {
      this.last = result;
      return `${id}: ${showResult(result)}`;
    });
    return [...(puts.length > 0 ? [`write ${puts.join(', ')}`] : []), ...answers];
  }
}

/** What Paxos keeps for itself is not shown. */
function showPut(value: LedgerRecord | undefined, before: LedgerRecord | undefined): string[] {
  const record = value ?? before;
  const sign = value ? '' : '-';
  switch (record?.kind) {
    case 'entry':
      return [`${sign}entry ${record.entry.sequence} ${record.entry.value.id}`];
    case 'pending':
      return [`${sign}queue ${record.transfer.id}`];
    case 'outcome':
      return [`${sign}outcome ${record.transfer.id} ${record.status}`];
    case 'account':
      return [`${record.account}=${record.balance}`];
    case 'block':
      return [`block ${record.block.height}`];
    default:
      return [];
  }
}

function showResult(result: LedgerResult): string {
  switch (result.type) {
    case 'outcome': {
      const { status, sequence, committed } = result.outcome;
      return `${status}${sequence > 0 ? ` ${sequence}` : ''}${committed ? ' committed' : ''}`;
    }
    case 'queue':
      return `queue [${result.executed.join(', ')}]`;
    case 'error':
      return `${result.error.code}: ${result.error.message}`;
    default:
      return result.type;
  }
}
