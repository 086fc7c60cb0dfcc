import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import type { Backlog } from '../session/backlog.js';
import type { CallWatcher } from './call-watch.js';
import { GuardedCall } from './guarded-call.js';
import type { GrpcService } from './grpc-service.js';
import type { GrpcLimits } from './limits.js';

/** How often it looks who reads nothing and who sends nothing more. */
const lookMs = 1_000;

type GuardLimits = Pick<GrpcLimits, 'maxCalls' | 'maxUnfinishedBytes' | 'messageMs' | 'pressedMessageMs'>;

/**
 * Bounds what all calls of a server take below its services, which grpc-js does for one message alone: messages that
 * never become complete, and answers that are never taken.
 */
export class CallGuard {
  readonly #limits: GuardLimits;
  readonly #backlog: Backlog | undefined;
  readonly #essential: readonly string[];
  readonly #calls = new Set<GuardedCall>();
  /** Those with an unfinished message, in the order in which these began. */
  readonly #unfinished = new Set<GuardedCall>();
  #unfinishedBytes = 0;
  /** Of clients: without those of peers and operators. */
  #counted = 0;
  readonly #look: NodeJS.Timeout;

  /** `essential`: services whose calls are not counted. */
  constructor(
    limits: GuardLimits,
    { backlog, essential }: { readonly backlog: Backlog | undefined; readonly essential: readonly GrpcService[] },
  ) {
    this.#limits = limits;
    this.#backlog = backlog;
    this.#essential = essential.map(({ name }) => `/${name}/`);
    this.#look = setInterval(() => this.#cutIdle(), lookMs).unref();
  }

  readonly watcher: CallWatcher = ({ path }, call) => {
    const isCounted = !this.#essential.some((name) => path.startsWith(name));
    if (isCounted && this.#counted >= this.#limits.maxCalls) return { arrived: () => tooMany(this.#limits.maxCalls) };
    const guarded = new GuardedCall(streamOf(call), (of, before) => this.#arrived(of, before));
    this.#calls.add(guarded);
    if (isCounted) this.#counted++;
    guarded.stream.once('close', () => {
      this.#calls.delete(guarded);
      if (isCounted) this.#counted--;
      this.#forget(guarded);
    });
    return guarded;
  };

  /** Ends the connections of all open calls. grpc-js, told to shut down by force, does so only where Channelz counts them. */
  disconnect(): void {
    for (const { stream } of this.#calls)
      stream.session?.destroy(new Error('the server stops'), constants.NGHTTP2_CANCEL);
  }

  close(): void {
    clearInterval(this.#look);
  }

  #arrived(call: GuardedCall, before: number): void {
    this.#unfinishedBytes += call.unfinished - before;
    if (call.unfinished === 0) return void this.#unfinished.delete(call);
    this.#unfinished.add(call);
    for (const oldest of this.#unfinished) {
      if (this.#unfinishedBytes <= this.#limits.maxUnfinishedBytes) return;
      this.#cut(oldest);
    }
  }

  #forget(call: GuardedCall): void {
    if (this.#unfinished.delete(call)) this.#unfinishedBytes -= call.unfinished;
  }

  #cut(call: GuardedCall): void {
    this.#forget(call);
    call.cut();
  }

  #cutIdle(): void {
    let unread = 0;
    for (const call of this.#calls) unread += call.unread;
    const isPressed =
      this.#backlog !== undefined && (this.#backlog.isUnread || unread >= this.#backlog.limits.unreadBytes);
    const patience = isPressed ? this.#limits.pressedMessageMs : this.#limits.messageMs;
    const now = performance.now();
    for (const call of this.#calls) {
      if (call.standsStillMs(now) >= patience) this.#cut(call);
    }
  }
}

function tooMany(calls: number): SynodError {
  return new SynodError('resource_exhausted', `${calls} calls are open already; nothing was done`);
}

/** grpc-js offers no way to see what has arrived of a message, or to end a call whose answers nobody takes. */
function streamOf(call: ServerInterceptingCallInterface): ServerHttp2Stream {
  return (call as unknown as { readonly stream: ServerHttp2Stream }).stream;
}
