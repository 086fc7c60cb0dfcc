import { SynodError, type ErrorCode } from '@synod/kernel';
import { isLaterTag } from '@synod/register';
import type { RegisterValue } from '@synod/transport/client';
import { Backoff } from './backoff.js';
import { choose, type Chooser } from './choose.js';
import type { ClientCore } from './client-core.js';
import { Doubt } from './doubt.js';
import { registerTraffic } from './register-traffic.js';
import { isMisdirected, pause } from './retry.js';
import type { ServerLink } from './server-link.js';

/** How often in a row a watch is sent on by servers that do not agree on the layout. */
const maxRedirects = 3;
/** How long one server may take to tell the layout. */
const patienceMs = 2_000;

/** After these another replica, or the same one later, may go on. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'not_ready',
  'no_quorum',
  'deadline',
  'resource_exhausted',
  'internal',
]);

export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** How often it is doubted that the replica tells all it should, milliseconds. Default 3,000. */
  readonly doubtMs?: number;
}

/** The values of one register as they come, from one replica after the other. Ends with the signal. */
export async function* watchRegister(
  core: ClientCore,
  key: string,
  { signal, doubtMs = 3_000 }: WatchOptions,
): AsyncGenerator<RegisterValue> {
  const backoff = new Backoff();
  const replicas = new Replicas(core, key);
  let last: RegisterValue | undefined;
  while (!signal?.aborted) {
    try {
      await pause(backoff.next(), signal, core.closed);
      const link = await replicas.next(signal);
      for await (const value of watchAt(link, core, key, { signal, doubtMs })) {
        backoff.reset();
        replicas.agreed();
        if (last && !isLaterTag(value.tag, last.tag)) continue;
        last = value;
        yield value;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof SynodError) || !replicas.mayGoOn(error)) throw error;
    }
  }
}

/** What one replica tells. Ends when it goes away, or is found silent, or with the signal. */
async function* watchAt(
  link: ServerLink,
  core: ClientCore,
  key: string,
  { signal, doubtMs }: WatchOptions & { readonly doubtMs: number },
): AsyncGenerator<RegisterValue> {
  const doubt = new Doubt(core, key, doubtMs, signal);
  try {
    for await (const value of link.calls.registers.watch(key, { signal: doubt.signal })) {
      doubt.told(value);
      yield value;
    }
    if (!signal?.aborted) link.standing.failed(performance.now());
  } finally {
    doubt.giveUp();
  }
}

/** Where a watch goes next. */
class Replicas implements Chooser {
  readonly busy = [];
  readonly #core: ClientCore;
  readonly #key: string;
  #place: number;
  #redirects = 0;
  #outdated = false;

  constructor(core: ClientCore, key: string) {
    this.#core = core;
    this.#key = key;
    this.#place = core.nextWatch();
  }

  async next(signal: AbortSignal | undefined): Promise<ServerLink> {
    const { layout, servers } = this.#core;
    const known = this.#outdated ? undefined : layout.routes;
    const routes = known ?? (await layout.learn({ timeoutMs: patienceMs, signal }));
    this.#outdated = false;
    const access = routes.ofKey(this.#key);
    if (!access) throw registerTraffic.unknown({ type: 'read', key: this.#key });
    const place = choose(access.readers, this.#place, servers, this, performance.now());
    const link = servers.at(access.readers[place] ?? '');
    if (!link)
      throw new SynodError('unknown_server', `nobody says where ${access.readers.join(' or ')} can be reached`);
    this.#place = place + 1;
    return link;
  }

  passOver(link: ServerLink, now: number): void {
    registerTraffic.session(link).probe({ type: 'read', key: this.#key }, now);
  }

  /** The server serves it. */
  agreed(): void {
    this.#redirects = 0;
  }

  /** Whether the watch goes on after this error. */
  mayGoOn(error: SynodError): boolean {
    if (passing.has(error.code)) return true;
    this.#outdated = true;
    return isMisdirected(error) && this.#redirects++ < maxRedirects;
  }
}
