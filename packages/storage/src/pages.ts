/** A key and its value. Values are the reader's own. */
export type StoredEntry = readonly [key: string, value: Uint8Array];

/** Some entries in key order. */
export type Page = readonly StoredEntry[];

/** Hands out one by one what comes in pages. */
export class PagedEntries implements AsyncIterableIterator<StoredEntry, undefined> {
  readonly #pages: AsyncIterator<Page, unknown>;
  #page: Page = [];
  #at = 0;

  constructor(pages: AsyncIterable<Page>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Within a page there is nothing to wait for. */
  next(): Promise<IteratorResult<StoredEntry, undefined>> {
    const value = this.#page[this.#at++];
    return value ? Promise.resolve({ done: false, value }) : this.#nextPage();
  }

  async return(): Promise<IteratorResult<StoredEntry, undefined>> {
    this.#page = [];
    await this.#pages.return?.();
    return { done: true, value: undefined };
  }

  async #nextPage(): Promise<IteratorResult<StoredEntry, undefined>> {
    const { done, value: page } = await this.#pages.next();
    if (done) return { done, value: undefined };
    this.#page = page;
    this.#at = 0;
    return this.next();
  }
}
