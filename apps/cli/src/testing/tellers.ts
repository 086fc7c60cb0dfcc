import { connect, SynodError, type SynodClient } from '@synod/client';
import type { Cluster } from '@synod/cluster';
import type { Random } from '@synod/kernel';
import type { Durability, LoggedTransfer, ShortPolicy, Transfer, TransferOutcome } from '@synod/ledger';

/** One transfer, how it was asked for, and what its client was told last. */
interface Request {
  readonly transfer: Transfer;
  readonly short: ShortPolicy;
  readonly durability: Durability;
  told: TransferOutcome | undefined;
}

/** Milliseconds after which a client gives a transfer up as of unknown outcome. */
const patienceMs = 4000;

/** Clients that make one random transfer after the other, and remember what they were told. */
export class Tellers {
  readonly #cluster: Cluster;
  readonly #clients: readonly SynodClient[];
  readonly #random: Random;
  readonly #requests: Request[] = [];
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[] = [];
  #working: Promise<unknown> | undefined;
  #isClosing = false;

  constructor(cluster: Cluster, clients: number, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
    this.#clients = Array.from({ length: clients }, () => connect({ servers: cluster.servers, cluster: cluster.id }));
  }

  get made(): number {
    return this.#requests.length;
  }

  /** All that clients were told is executed. */
  get executed(): LoggedTransfer[] {
    const homes = new Map(this.#cluster.ledger.accounts.map(({ id, home }) => [id, home]));
    return this.#requests.flatMap(({ transfer, told }) => {
      return told?.sequence ? { owner: homes.get(transfer.from)!, sequence: told.sequence, value: transfer } : [];
    });
  }

  /** All that clients were told is refused. */
  get refused(): Transfer[] {
    return this.#requests.flatMap(({ transfer, told }) => (told?.status === 'rejected' ? transfer : []));
  }

  start(): void {
    this.#isClosing = false;
    this.#working = Promise.all(this.#clients.map((client) => this.#work(client)));
  }

  /** The transfers under way are finished, or given up. */
  async stop(): Promise<void> {
    this.#isClosing = true;
    await this.#working;
  }

  /** Asks again for everything, under the same ids. */
  async askAgain(): Promise<void> {
    const [client] = this.#clients;
    await Promise.all(this.#requests.map((request) => this.#ask(client!, request, 20_000)));
  }

  close(): void {
    this.#isClosing = true;
    for (const client of this.#clients) client.close();
  }

  async #work(client: SynodClient): Promise<void> {
    while (!this.#isClosing) {
      const transfer = this.#invent();
      const short = this.#mayWait(transfer) && this.#random() < 0.7 ? 'queue' : 'reject';
      const durability = this.#random() < 0.3 ? 'committed' : 'local';
      const request: Request = { transfer, short, durability, told: undefined };
      this.#requests.push(request);
      const attempt =
        this.#random() < 0.1
          ? client.ledger.attemptQueue(transfer.from, undefined, { timeoutMs: patienceMs })
          : undefined;
      await Promise.all([this.#ask(client, request, patienceMs), attempt?.catch(expectSynodError)]);
    }
  }

  async #ask(client: SynodClient, request: Request, timeoutMs: number): Promise<void> {
    const { transfer, short, durability, told } = request;
    try {
      const outcome = await client.ledger.transfer(transfer, { short, durability, timeoutMs });
      const decided = told && told.status !== 'pending';
      if (decided && (told.status !== outcome.status || told.sequence !== outcome.sequence)) {
        this.contradictions.push(
          `${transfer.id}: ${told.status} ${told.sequence}, then ${outcome.status} ${outcome.sequence}`,
        );
      }
      request.told = outcome;
    } catch (error) {
      expectSynodError(error);
    }
  }

  /** Only for an amount that some account always holds once all is committed: queues never all stand still. */
  #mayWait({ amount }: Transfer): boolean {
    return amount <= this.#cluster.ledger.initial;
  }

  /** Small and large amounts, so that much is local, much is short, and little is impossible. */
  #invent(): Transfer {
    const { accounts, initial } = this.#cluster.ledger;
    const pick = <T>(items: readonly T[]): T => items[Math.floor(this.#random() * items.length)]!;
    const from = pick(accounts).id;
    const to = pick(accounts.filter(({ id }) => id !== from)).id;
    const amount = 1 + Math.floor(this.#random() ** 3 * 1.2 * Number(initial));
    return { id: `t${this.#requests.length + 1}`, from, to, amount: BigInt(amount) };
  }
}

/** A server that is down, a round that failed: what becomes of the transfer is known later. */
function expectSynodError(error: unknown): void {
  if (!(error instanceof SynodError)) throw error;
}
