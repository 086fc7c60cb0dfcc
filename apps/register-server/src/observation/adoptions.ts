import type { Output } from '@synod/kernel';
import { nameInKey, type RegisterProtocol } from '@synod/register';
import { Listeners } from '@synod/server';

/** Tells who watches a register that this node holds a newer cell of it. Costs nothing while nobody watches. */
export class Adoptions {
  readonly #listeners = new Map<string, Listeners<void>>();

  /** Returns a function that takes the listener away again. */
  add(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Listeners<void>();
    this.#listeners.set(key, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.isEmpty && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  released({ persist }: Output<RegisterProtocol>): void {
    if (this.#listeners.size === 0) return;
    for (const { key, value } of persist) {
      if (value?.kind === 'cell') this.#listeners.get(nameInKey(key))?.tell();
    }
  }
}
