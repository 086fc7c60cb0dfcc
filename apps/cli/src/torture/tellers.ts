import { setMaxListeners } from 'node:events';
import { connect, SynodError, type SynodClient, type TransferOutcome } from '@synod/client';
import type { Cluster } from '@synod/cluster';
import type { NodeId, Random } from '@synod/kernel';
import type { Durability, LoggedTransfer, ShortPolicy, Transfer } from '@synod/ledger';
import { seededRandom } from '@synod/simulator';
import { drawOne } from '../nemesis/draw-fault.js';
import { pause } from '../record/pause.js';

/** One transfer, how it was asked for, and what its client was told last. */
interface Request {
  readonly transfer: Transfer;
  readonly short: ShortPolicy;
  readonly durability: Durability;
  /** Milliseconds. */
  readonly asked: number;
  /** When it was answered first. */
  answered: number;
  told: TransferOutcome | undefined;
}

export interface TellersOptions {
  readonly cluster: Cluster;
  readonly clients: number;
  /** The same seed: the same transfers of each client, in the same order. */
  readonly seed: number;
  /** At most so many a second, of all clients together; by default no limit. */
  readonly perSecond?: number;
}

/** Transfers by what became of them. */
export interface Fates {
  readonly executed: readonly Transfer[];
  readonly refused: readonly Transfer[];
  /** In a queue. */
  readonly pending: readonly Transfer[];
  /** Nobody told. */
  readonly unknown: readonly Transfer[];
}

/** Milliseconds after which a client gives a transfer up as of unknown outcome. */
const patienceMs = 4000;
/** Of what is asked again. */
const againMs = 20_000;
const batch = 1000;
/** The part of the transfers that are for small amounts. */
const smallShare = 0.8;

/** Clients that make one random transfer after the other, and remember what they were told. */
export class Tellers {
  readonly #options: TellersOptions;
  readonly #homes: ReadonlyMap<string, NodeId>;
  readonly #clients: readonly SynodClient[];
  readonly #randoms: readonly Random[];
  readonly #requests: Request[] = [];
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[] = [];
  /** The longest time in which no transfer was answered, ms. */
  longestGapMs = 0;
  #lastAnswer = 0;
  #working: Promise<unknown> | undefined;
  #over = openEnd();

  constructor(options: TellersOptions) {
    const { cluster, clients, seed } = options;
    this.#options = options;
    this.#homes = new Map(cluster.ledger.accounts.map(({ id, home }) => [id, home]));
    this.#clients = Array.from({ length: clients }, () => connect({ servers: cluster.servers, cluster: cluster.id }));
    this.#randoms = this.#clients.map((_, i) => seededRandom(seed, `teller ${i}`));
  }

  get made(): number {
    return this.#requests.length;
  }

  /** All that clients were told is executed. */
  get executed(): LoggedTransfer[] {
    return this.#requests.flatMap(({ transfer, told }) => {
      return told?.sequence ? { owner: this.#homeOf(transfer), sequence: told.sequence, value: transfer } : [];
    });
  }

  /** What clients were told is in a block. */
  get committed(): LoggedTransfer[] {
    const told = new Set(this.#requests.flatMap(({ transfer, told }) => (told?.committed ? transfer : [])));
    return this.executed.filter(({ value }) => told.has(value));
  }

  /** All that clients were told is refused. */
  get refused(): Transfer[] {
    return this.#requests.flatMap(({ transfer, told }) => (told?.status === 'rejected' ? transfer : []));
  }

  get fates(): Fates {
    const of = (holds: (told: TransferOutcome | undefined) => boolean) =>
      this.#requests.filter(({ told }) => holds(told)).map(({ transfer }) => transfer);
    return {
      executed: of((told) => told !== undefined && told.sequence > 0),
      refused: this.refused,
      pending: of((told) => told?.status === 'pending'),
      unknown: of((told) => told === undefined),
    };
  }

  start(): void {
    this.#over = openEnd();
    this.#lastAnswer = performance.now();
    this.#working = Promise.all(this.#clients.map((client, i) => this.#work(client, i)));
  }

  /** The transfers under way are finished, or given up. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#working;
    this.#progress();
  }

  /** Asks again for everything under the same ids, but of accounts whose home is lost. */
  async askAgain(lost: ReadonlySet<NodeId> = new Set()): Promise<void> {
    const [client] = this.#clients;
    const open = this.#requests.filter(({ transfer }) => !lost.has(this.#homeOf(transfer)));
    for (let i = 0; i < open.length; i += batch) {
      await Promise.all(open.slice(i, i + batch).map((request) => this.#ask(client!, request, againMs)));
    }
  }

  /**
   * What was executed in another order than it arrived in: of two transfers of one account of which the first was answered
   * before the second was asked for. `sequences`: of all that are executed, by id.
   */
  outOfOrder(sequences: ReadonlyMap<string, number>): string[] {
    const problems: string[] = [];
    for (const account of this.#homes.keys()) {
      const executed = this.#requests.filter(({ transfer }) => transfer.from === account && sequences.has(transfer.id));
      const numberOf = ({ transfer }: Request) => sequences.get(transfer.id)!;
      const byAnswer = executed.filter(({ told }) => told).sort((a, b) => a.answered - b.answered);
      let next = 0;
      let latest: Request | undefined;
      for (const request of executed.sort((a, b) => a.asked - b.asked)) {
        for (let it = byAnswer[next]; it && it.answered < request.asked; it = byAnswer[++next]) {
          if (!latest || numberOf(it) > numberOf(latest)) latest = it;
        }
        if (latest && numberOf(latest) > numberOf(request)) {
          problems.push(`${request.transfer.id} is executed before ${latest.transfer.id}, which was answered earlier`);
        }
      }
    }
    return problems;
  }

  close(): void {
    this.#over.abort();
    for (const client of this.#clients) client.close();
  }

  async #work(client: SynodClient, number: number): Promise<void> {
    const { perSecond, clients } = this.#options;
    const { signal } = this.#over;
    const random = this.#randoms[number]!;
    const intervalMs = perSecond === undefined ? 0 : (1000 * clients) / perSecond;
    let due = performance.now() + random() * intervalMs;
    for (;;) {
      if (due > performance.now()) await pause(due - performance.now(), signal);
      if (signal.aborted) return;
      due = Math.max(due + intervalMs, performance.now());
      const request = this.#invent(random);
      this.#requests.push(request);
      const attempt =
        random() < 0.1
          ? client.ledger.attemptQueue(request.transfer.from, undefined, { timeoutMs: patienceMs })
          : undefined;
      await Promise.all([this.#ask(client, request, patienceMs), attempt?.catch(expectSynodError)]);
      if (random() < 0.1) await this.#ask(client, request, patienceMs);
    }
  }

  async #ask(client: SynodClient, request: Request, timeoutMs: number): Promise<void> {
    const { transfer, short, durability, told } = request;
    try {
      const outcome = await client.ledger.transfer(transfer, { short, durability, timeoutMs });
      this.#progress();
      const decided = told && told.status !== 'pending';
      if (decided && (told.status !== outcome.status || told.sequence !== outcome.sequence)) {
        this.contradictions.push(
          `${transfer.id}: ${told.status} ${told.sequence}, then ${outcome.status} ${outcome.sequence}`,
        );
      }
      if (!told) request.answered = performance.now();
      request.told = outcome;
    } catch (error) {
      expectSynodError(error);
    }
  }

  #progress(): void {
    const now = performance.now();
    this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastAnswer);
    this.#lastAnswer = now;
  }

  /** Mostly small amounts, which are local, and large ones, which are short; few are impossible. */
  #invent(random: Random): Request {
    const { accounts, initial } = this.#options.cluster.ledger;
    const from = drawOne(random, accounts).id;
    const to = drawOne(
      random,
      accounts.filter(({ id }) => id !== from),
    ).id;
    const most = Number(initial) * (random() < smallShare ? 0.05 : 1.2);
    const amount = BigInt(1 + Math.floor(random() * most));
    // A large one that waits would keep the many small ones behind it from being executed.
    const short = amount <= initial / 10n && random() < 0.7 ? 'queue' : 'reject';
    const durability = random() < 0.3 ? 'committed' : 'local';
    const transfer = { id: `t${this.#requests.length + 1}`, from, to, amount };
    return { transfer, short, durability, asked: performance.now(), answered: Infinity, told: undefined };
  }

  #homeOf({ from }: Transfer): NodeId {
    return this.#homes.get(from)!;
  }
}

/** All clients may wait for it. */
function openEnd(): AbortController {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  return end;
}

/** A server that is down, a round that failed: what becomes of the transfer is known later. */
function expectSynodError(error: unknown): void {
  if (!(error instanceof SynodError)) throw error;
}
