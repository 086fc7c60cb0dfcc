import type { RegisterBackend } from './register-backend.js';
import { ValueWatch, type ValueWatchOptions } from './value-watch.js';
import { ValueWatcher, type WatchCall } from './value-watcher.js';

/** All that is watched at one server. */
export class ValueFeed {
  readonly #backend: RegisterBackend;
  readonly #options: ValueWatchOptions;
  readonly #watches = new Map<string, ValueWatch>();

  constructor(backend: RegisterBackend, options: ValueWatchOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  add(key: string, call: WatchCall): void {
    const watch = this.#watches.get(key) ?? new ValueWatch(this.#backend, key, this.#options);
    this.#watches.set(key, watch);
    const watcher = new ValueWatcher(call, this.#options.backlog);
    // However the call ends, grpc-js says that it was cancelled.
    call.on('cancelled', () => {
      watcher.gone();
      if (!watch.remove(watcher) || this.#watches.get(key) !== watch) return;
      this.#watches.delete(key);
      watch.close();
    });
    watch.add(watcher);
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}
