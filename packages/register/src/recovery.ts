import type { Effects, NodeId, Time } from '@synod/kernel';
import type { Configuration } from './configuration.js';
import type { Page, RequestId } from './messages.js';
import type { RegisterProtocol } from './protocol.js';

interface RecoveryOptions {
  readonly self: NodeId;
  readonly members: readonly NodeId[];
  readonly nextRequest: () => RequestId;
  readonly configuration: Configuration;
  readonly resendMs: number;
}

/** How far the copying from one peer is. */
interface Source {
  /** The question that runs; a page counts only if it answers that one. */
  request: RequestId;
  /** The peer's life that the position belongs to. */
  incarnation: string | undefined;
  from: number;
  askedAt: Time;
}

/**
 * Copies what the peers of a new disk hold. All that counts was given by nodes of one configuration: when it grows,
 * copying begins again. So it does after a restart, for the progress is not durable.
 */
export class Recovery {
  readonly #others: readonly NodeId[];
  readonly #members: readonly NodeId[];
  readonly #nextRequest: () => RequestId;
  readonly #configuration: Configuration;
  readonly #resendMs: number;
  readonly #sources = new Map<NodeId, Source>();
  readonly #copied = new Set<NodeId>();

  constructor({ self, members, nextRequest, configuration, resendMs }: RecoveryOptions) {
    this.#members = members;
    this.#others = members.filter((member) => member !== self);
    this.#nextRequest = nextRequest;
    this.#configuration = configuration;
    this.#resendMs = resendMs;
  }

  /** The peers of which everything is copied. */
  get copied(): ReadonlySet<NodeId> {
    return this.#copied;
  }

  /** From nothing on. */
  begin(): void {
    this.#copied.clear();
    this.#sources.clear();
  }

  /** Asks those in reach for their next page, again if they have not answered for a while. */
  ask(linked: ReadonlySet<NodeId>, effects: Effects<RegisterProtocol>, now: Time): void {
    for (const peer of this.#others) {
      const source = this.#sources.get(peer);
      const waits = source !== undefined && now - source.askedAt < this.#resendMs;
      if (linked.has(peer) && !this.#copied.has(peer) && !waits) {
        this.#askFor(peer, source?.incarnation, source?.from ?? 0, effects, now);
      }
    }
  }

  /** Returns whether the page answers the question that runs, and so is to be adopted. */
  paged(from: NodeId, page: Page, effects: Effects<RegisterProtocol>, now: Time): boolean {
    const source = this.#sources.get(from);
    if (!source || source.request.number !== page.request.number) return false;
    if (source.request.incarnation !== page.request.incarnation) return false;
    if (source.incarnation !== undefined && source.incarnation !== page.incarnation) {
      this.#askFor(from, undefined, 0, effects, now); // another life has another order
    } else if (page.next !== undefined) {
      this.#askFor(from, page.incarnation, page.next, effects, now);
    } else {
      this.#sources.delete(from);
      this.#copied.add(from);
    }
    return true;
  }

  #askFor(
    peer: NodeId,
    incarnation: string | undefined,
    from: number,
    effects: Effects<RegisterProtocol>,
    now: Time,
  ): void {
    const request = this.#nextRequest();
    this.#sources.set(peer, { request, incarnation, from, askedAt: now });
    effects.to(peer, { type: 'copy', request, mark: this.#configuration.mark, from, members: this.#members });
  }
}
