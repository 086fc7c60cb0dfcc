import type { Feed, Input, News } from '@synod/tui';
import type { Ending } from '../local-cluster/local-servers.js';
import { fateRow, type BegunSet, type FateRow, type PlayedTransfer, type PlayObserver } from '../play/fates.js';

/** Where processes end. */
interface Endings {
  onEnd(listener: (ending: Ending) => void): () => void;
}

export interface LocalFeedOptions {
  /** The transaction file, if there is one: its path, and how many sets it has. */
  readonly plan: { readonly source: string; readonly sets: number } | undefined;
  /** The processes that were started here. */
  readonly processes: readonly Endings[];
}

/** What only this process knows: how far the file is played, what becomes of its transfers, why a process ended. */
export class LocalFeed implements Feed, PlayObserver {
  readonly #options: LocalFeedOptions;
  #deliver: ((inputs: readonly Input[]) => void) | undefined;
  /** What is told in this turn of the event loop. */
  #batch: Input[] = [];
  #set: BegunSet | undefined;
  /** Of the set that is played, by id. */
  readonly #fates = new Map<string, FateRow>();
  readonly #late: FateRow[] = [];
  #isOutdated = false;

  constructor(options: LocalFeedOptions) {
    this.#options = options;
  }

  start(deliver: (inputs: readonly Input[]) => void): () => void {
    this.#deliver = deliver;
    this.#tellPlan(0);
    const stops = this.#options.processes.map((one) =>
      one.onEnd(({ server, reason }) => this.#tell({ type: 'reach', server, reach: 'down', reason })),
    );
    return () => {
      this.#deliver = undefined;
      for (const stop of stops) stop();
    };
  }

  /** It tells everything it knows, whatever the screen shows. */
  want(): void {}

  setBegan(set: BegunSet): void {
    this.#set = set;
    this.#fates.clear();
    this.#late.length = 0;
    this.#isOutdated = false;
    this.#tellPlan(set.number);
    this.#tellSet(set);
  }

  decided(played: PlayedTransfer): void {
    this.#tellFate(fateRow(played));
  }

  leftQueue(played: PlayedTransfer, isOfThisSet: boolean): void {
    const row = fateRow(played);
    if (isOfThisSet) {
      this.#fates.set(row.id, row);
      this.#isOutdated = true;
    } else {
      this.#late.push(row);
      this.#tell({ type: 'late', row });
    }
  }

  setEnded(): void {
    // A fate that was told is not taken back one by one: the set is told again as it ended.
    if (this.#set && this.#isOutdated) {
      this.#tellSet(this.#set);
      for (const row of this.#fates.values()) this.#tellFate(row);
      for (const row of this.#late) this.#tell({ type: 'late', row });
    }
    this.#tell({ type: 'set-ended' });
  }

  #tellPlan(begun: number): void {
    if (this.#options.plan) this.#tell({ type: 'plan', ...this.#options.plan, begun });
  }

  #tellSet({ name, live, total }: BegunSet): void {
    this.#tell({ type: 'set-began', set: name, live, total });
  }

  #tellFate(row: FateRow): void {
    this.#fates.set(row.id, row);
    this.#tell({ type: 'decided', row });
  }

  #tell(news: News): void {
    if (!this.#deliver) return;
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    this.#batch.push({ timeMs: Date.now(), news });
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#deliver?.(batch);
  }
}
