import { SynodError } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { Answering, Fetching } from './fetching.js';
import { Refresh } from './refresh.js';

export interface EachServerOptions {
  /** What of a server's report has to change before it is asked again; undefined: it is not asked. */
  readonly versionOf: (server: Answering) => string | undefined;
  /** Asks it, and tells what it answers. */
  readonly fetch: (server: Answering, signal: AbortSignal) => Promise<void>;
}

interface Asked {
  version: string | undefined;
  readonly refresh: Refresh;
  readonly lost: AbortController;
}

/** Fetches something of every server at once, and again whenever its report says that it has changed. */
export class EachServer implements Fetching {
  readonly #options: EachServerOptions;
  readonly #asked = new Map<NodeId, Asked>();

  constructor(options: EachServerOptions) {
    this.#options = options;
  }

  reported(server: Answering): void {
    const version = this.#options.versionOf(server);
    if (version === undefined) return;
    const asked = this.#asked.get(server.id) ?? this.#add(server);
    if (asked.version === version) return;
    asked.version = version;
    asked.refresh.changed();
  }

  lost(id: NodeId): void {
    const asked = this.#asked.get(id);
    asked?.lost.abort();
    asked?.refresh.close();
    this.#asked.delete(id);
  }

  close(): void {
    for (const id of this.#asked.keys()) this.lost(id);
  }

  #add(server: Answering): Asked {
    const lost = new AbortController();
    const refresh = new Refresh(async () => {
      try {
        await this.#options.fetch(server, lost.signal);
      } catch (error) {
        if (!(error instanceof SynodError)) throw error;
        // What was not answered is asked again with the next report.
        asked.version = undefined;
      }
    });
    const asked: Asked = { version: undefined, refresh, lost };
    this.#asked.set(server.id, asked);
    return asked;
  }
}
