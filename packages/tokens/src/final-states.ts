import { invariant } from '@synod/kernel';
import type { Hashed } from './arg-min.js';
import { unlessAborted, type SearchOptions } from './cancelled.js';
import type { SearchPool } from './search-pool.js';
import type { Token } from './token.js';

type Subject = Pick<Token, 'id' | 'name' | 'domain'>;

/**
 * The final state of each token, computed once and remembered. It depends on name and domain alone, so whoever reads a
 * token computes it, and readers write nothing. Readers at the same time share one search, which is cancelled when the
 * last of them has gone.
 */
export class FinalStates {
  readonly #pool: SearchPool;
  /** The latest of each token. */
  readonly #searches = new Map<string, Search>();

  constructor(pool: SearchPool) {
    this.#pool = pool;
  }

  async of(subject: Subject, { signal }: SearchOptions = {}): Promise<Hashed> {
    const latest = this.#searches.get(subject.id);
    const search = latest && sameSearch(latest.subject, subject) ? latest : this.#start(subject);
    search.waiting++;
    try {
      return await unlessAborted(search.result, signal);
    } finally {
      search.waiting--;
      if (search.waiting === 0 && !search.done) {
        search.abort.abort();
        this.#forget(search);
      }
    }
  }

  #start(subject: Subject): Search {
    const abort = new AbortController();
    const { name, domain } = subject;
    const result = this.#pool.argMin(name, domain.low, domain.high, { signal: abort.signal }).then(
      (found) => {
        invariant(found, 'low <= mid < high, so that [low, high) is not empty');
        search.done = true;
        return found;
      },
      (error) => {
        this.#forget(search);
        throw error;
      },
    );
    result.catch(() => {}); // whoever waits is told; when all have gone, nobody is left to tell
    const search: Search = { subject, abort, result, waiting: 0, done: false };
    this.#searches.set(subject.id, search);
    return search;
  }

  #forget(search: Search): void {
    if (this.#searches.get(search.subject.id) === search) this.#searches.delete(search.subject.id);
  }
}

interface Search {
  readonly subject: Subject;
  readonly abort: AbortController;
  readonly result: Promise<Hashed>;
  /** How many callers wait for it. */
  waiting: number;
  done: boolean;
}

function sameSearch(a: Subject, b: Subject): boolean {
  return a.name === b.name && a.domain.low === b.domain.low && a.domain.high === b.domain.high;
}
