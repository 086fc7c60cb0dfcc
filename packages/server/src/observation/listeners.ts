/** Those who want to be told, until they say otherwise. */
export class Listeners<T> {
  readonly #listeners = new Set<(told: T) => void>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Returns a function that takes the listener away again. */
  add(listener: (told: T) => void): () => void {
    // One's own function, so that a listener that is added twice is two.
    const own = (told: T): void => listener(told);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(told: T): void {
    for (const listener of this.#listeners) listener(told);
  }
}
