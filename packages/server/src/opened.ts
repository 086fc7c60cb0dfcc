/** What a start has opened so far, to be closed again if the next step fails. */
export class Opened {
  readonly #opened: { close(): void | Promise<void> }[] = [];

  keep<T extends { close(): void | Promise<void> }>(opened: T): T {
    this.#opened.push(opened);
    return opened;
  }

  /** Last opened first. */
  async close(): Promise<void> {
    for (const one of this.#opened.splice(0).reverse()) await one.close();
  }
}
