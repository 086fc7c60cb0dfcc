import type { Observer } from '@synod/kernel';
import { nameInKey, type RegisterProtocol } from '@synod/register';
import { Listeners } from '@synod/server';

/** Tells who watches a register that this node holds a newer cell of it. Costs nothing while nobody watches. */
export class Adoptions implements Pick<Observer<RegisterProtocol>, 'released'> {
  readonly #listeners = new Map<string, Listeners<void>>();

  /** Returns a function that takes the listener away again. */
  add(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Listeners<void>();
    this.#listeners.set(key, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.isEmpty) this.#listeners.delete(key);
    };
  }

  released({ persist }: Parameters<NonNullable<Observer<RegisterProtocol>['released']>>[0]): void {
    if (this.#listeners.size === 0) return;
    for (const { key, value } of persist) {
      if (value?.kind === 'cell') this.#listeners.get(nameInKey(key))?.tell();
    }
  }
}
