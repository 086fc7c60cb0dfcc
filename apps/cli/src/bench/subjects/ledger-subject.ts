import { connect, type SynodClient, type TransferOptions } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { TransferOutcome } from '@synod/ledger';
import { drawIndex, seededRandom } from '@synod/simulator';
import type { ServerAddress } from '@synod/transport/client';
import type { LedgerLoad } from '../plan.js';
import type { Ended, Subject, Verification } from '../subject.js';
import { asSynodError } from './register-subject.js';

export interface LedgerTask {
  readonly kind: 'ledger';
  readonly servers: readonly ServerAddress[];
  readonly accounts: readonly BenchAccount[];
  readonly load: LedgerLoad;
  readonly seed: number;
  /** Of this client process: ids of transfers begin with it. */
  readonly name: string;
  /** Of `round`: the accounts are taken so many at a time, around which money goes. */
  readonly circle: number;
}

export interface BenchAccount {
  readonly id: string;
  readonly home: NodeId;
}

/** Where one transfer goes, and what follows when it is decided. */
interface Drawn {
  readonly from: BenchAccount;
  readonly to: BenchAccount;
  readonly amount: bigint;
  readonly decided?: () => void;
}

/** What a shortage-heavy load asks for at most: as much as an account begins with. */
export const shortageAmount = 1000;
/** What goes around. */
export const roundAmount = 1000n;

/** Transfers, and how many of them each home has acknowledged as executed. */
export class LedgerSubject implements Subject {
  readonly #client: SynodClient;
  readonly #options: TransferOptions;
  readonly #draw: () => Drawn;
  readonly #name: string;
  /** By home: `acked S1`, and the highest sequence among them: `highest S1`. */
  readonly #facts: Record<string, number> = {};
  #next = 0;
  #acked = 0;

  constructor({ servers, accounts, load, seed, name, circle }: LedgerTask) {
    this.#client = connect({ servers });
    this.#name = name;
    this.#options = load === 'shortage' ? { short: 'reject', durability: 'committed' } : {};
    const random = seededRandom(seed, name);
    if (load === 'round') this.#draw = aroundCircles(accounts, circle);
    else {
      this.#draw = () => {
        const at = drawIndex(random, accounts.length);
        const to = (at + 1 + drawIndex(random, accounts.length - 1)) % accounts.length;
        const amount = load === 'shortage' ? BigInt(1 + drawIndex(random, shortageAmount)) : 1n;
        return { from: accounts[at]!, to: accounts[to]!, amount };
      };
    }
  }

  begin(ended: Ended): void {
    const { from, to, amount, decided } = this.#draw();
    const id = `${this.#name}-${this.#next++}`;
    this.#client.ledger.transfer({ id, from: from.id, to: to.id, amount }, this.#options).then(
      (outcome) => {
        this.#note(from.home, outcome);
        decided?.();
        ended(outcome.committed ? 'committed' : outcome.status);
      },
      (error: unknown) => {
        decided?.();
        ended('transfer', asSynodError(error));
      },
    );
  }

  /** What was acknowledged; whether the servers hold it can be said only when the other clients have told theirs. */
  async verify(): Promise<Verification> {
    return { checked: this.#acked, lost: [], facts: this.#facts };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  #note(home: NodeId, { status, sequence }: TransferOutcome): void {
    if (status !== 'local' && status !== 'consensus') return;
    this.#acked++;
    this.#facts[`acked ${home}`] = (this.#facts[`acked ${home}`] ?? 0) + 1;
    this.#facts[`highest ${home}`] = Math.max(this.#facts[`highest ${home}`] ?? 0, sequence);
  }
}

/** All that is in a circle goes from each of its accounts to the next, which is at home elsewhere. */
function aroundCircles(accounts: readonly BenchAccount[], size: number): () => Drawn {
  const free = Array.from({ length: Math.floor(accounts.length / size) }, (_, circle) => ({
    first: circle * size,
    at: 0,
  }));
  return () => {
    const circle = free.shift()!; // there is one for each transfer under way
    const from = accounts[circle.first + circle.at]!;
    circle.at = (circle.at + 1) % size;
    const to = accounts[circle.first + circle.at]!;
    return { from, to, amount: roundAmount, decided: () => void free.push(circle) };
  };
}
