import { SynodError } from '@synod/kernel';
import { Backoff } from './backoff.js';
import { choose, type Chooser } from './choose.js';
import { tryMs } from './hedging.js';
import { isOfServer } from './lasting-session.js';
import { isMisdirected, mayTryAgain } from './retry.js';
import type { Routes } from './routes.js';
import type { ServerLink } from './server-link.js';
import type { Timed } from './timer-wheel.js';
import { tooLate } from './too-late.js';
import type { Circumstances } from './traffic.js';
import { begin, end, noTries, withdraw, type Tries, type Try } from './tries.js';

/** How often one operation is sent on. Servers that do not agree on the layout would send it round for ever. */
const maxRedirects = 3;
/** A change that waits this long for a connection goes to another server that may, if there is one. */
const connectMs = 1_000;

/**
 * One operation of a register or token until it is decided or its time is up: where it goes, and whether it goes
 * again. Reads are repeated freely, also beside one that is under way; a change only when it certainly did not happen.
 * Times are those of `performance.now()`.
 */
export class Operation<Command, Outcome> implements Timed, Chooser {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #call: Circumstances<Command, Outcome>;
  readonly #command: Command;
  readonly #number: number;
  readonly #isRead: boolean;
  #tries: Tries = noTries;
  /** The place among the servers that may where the next try goes; undefined before the first. */
  #place: number | undefined;
  /** By which it went there. */
  #routes: Routes | undefined;
  #failures = 0;
  #redirects = 0;
  #backoff: Backoff | undefined;
  /** When to try again; 0: not planned. */
  #againAt = 0;
  /** When to see whether what is under way takes too long; 0: never. */
  #lookAt = 0;
  /** What stands in the way, and may pass. */
  #problem: SynodError | undefined;
  /** A change was sent and its answer is lost. */
  #mayHaveHappened = false;
  #settled = false;

  /** `number`: among those of its call. */
  constructor(call: Circumstances<Command, Outcome>, command: Command, number: number) {
    this.#call = call;
    this.#command = command;
    this.#number = number;
    this.#isRead = call.traffic.isRead(command);
  }

  start(now: number): void {
    this.#attempt(now);
    this.#arm();
  }

  /** Ends it with `cancelled`. */
  giveUp(why: string): void {
    if (this.#withdrawAll()) this.#mayHaveHappened = true;
    this.#settle(new SynodError('cancelled', why, { definite: this.#isDefinite }));
  }

  onDue(): void {
    const now = performance.now();
    if (now >= this.#call.deadline.end) return this.#timeUp(now);
    if (this.#againAt > 0 && now >= this.#againAt) {
      this.#againAt = 0;
      this.#attempt(now);
    } else if (this.#lookAt > 0 && now >= this.#lookAt) {
      if (this.#isRead) this.#lookAtRead(now);
      else this.#lookAtChange(now);
    }
    this.#arm();
  }

  get busy(): Tries {
    return this.#tries;
  }

  passOver(link: ServerLink, now: number): void {
    const { traffic } = this.#call;
    traffic.session(link).probe(traffic.asRead(this.#command), now);
  }

  /** `late`: a server that has this read already, and has not answered it. */
  #attempt(now: number, late?: ServerLink): void {
    const { core, traffic } = this.#call;
    this.#routes = core.layout.routes;
    if (!this.#routes) return this.#renewLayout();
    const access = traffic.access(this.#routes, this.#command);
    const objection = access ? undefined : traffic.objection(this.#command);
    if (objection) return this.#settle(objection);
    // What the layout of a moment ago does not have may have come since.
    if (!access) return this.#redirect(traffic.unknown(this.#command), 1);
    const nodes = this.#isRead ? access.readers : access.writers;
    const place = choose(nodes, this.#place ?? core.placeIn(nodes), core.servers, this, now);
    const link = core.servers.at(nodes[place] ?? '');
    if (link && late && !core.hedging.allows(late.standing, link.standing, now)) return;
    if (link) {
      late?.standing.failed(now);
      this.#place = place + 1;
      this.#send(link, nodes.length, now);
    } else if (this.#tries.length === 0) {
      this.#redirect(new SynodError('unknown_server', `nobody says where ${nodes.join(' or ')} can be reached`), 1);
    }
  }

  #send(link: ServerLink, candidates: number, now: number): void {
    const { core, traffic } = this.#call;
    this.#tries = begin(this.#tries, link, now, core.hedging);
    const sent = this.#tries.at(-1)!;
    if (this.#isRead) this.#lookAt = now + core.hedging.patienceMs;
    else this.#lookAt = candidates > 1 ? now + connectMs : 0;
    sent.submission = traffic.session(link).submit(this.#command, (result) => this.#answered(sent, result, candidates));
  }

  #answered(sent: Try, result: Outcome | SynodError, candidates: number): void {
    const { core } = this.#call;
    const { link } = sent;
    const now = performance.now();
    this.#tries = end(this.#tries, sent, core.hedging);
    if (isOfServer(result)) link.standing.answered(now);
    if (!(result instanceof SynodError)) return this.#settle(result);
    if (isMisdirected(result)) this.#redirect(result, maxRedirects, link);
    else this.#failed(result, candidates, now);
    this.#arm();
  }

  #failed(error: SynodError, candidates: number, now: number): void {
    if (this.#settled) return;
    if (!error.definite) this.#mayHaveHappened = true;
    if (!mayTryAgain(error, this.#isRead || this.#call.retryIndefinite)) return this.#settle(error);
    this.#problem = error;
    this.#failures++;
    // Those that have not been asked since the last pause are asked at once.
    if (this.#failures % candidates > 0) return this.#attempt(now);
    if (!this.#backoff) (this.#backoff = new Backoff()).next();
    this.#againAt = now + this.#backoff.next();
  }

  /** It was the wrong server, or there is none: what the servers say of the layout now decides. */
  #redirect(error: SynodError, limit: number, refusedBy?: ServerLink): void {
    if (this.#redirects >= limit) return this.#settle(error);
    this.#redirects++;
    this.#renewLayout(refusedBy);
  }

  #renewLayout(refusedBy?: ServerLink): void {
    this.#call.core.layout.renew(
      this.#routes,
      (problem) => {
        if (this.#settled) return;
        const now = performance.now();
        if (problem === undefined) this.#attempt(now);
        else if (problem instanceof SynodError) this.#failed(problem, 1, now);
        else throw problem;
        this.#arm();
      },
      refusedBy,
    );
  }

  /** A read has been under way for long. */
  #lookAtRead(now: number): void {
    const { core, traffic } = this.#call;
    this.#lookAt = now + core.hedging.patienceMs;
    const oldest = this.#tries[0];
    const newest = this.#tries.at(-1);
    if (!oldest || !newest) return;
    if (traffic.isBrief && now - oldest.sentAt >= tryMs) {
      this.#withdraw(oldest);
      oldest.link.standing.failed(now);
      this.#attempt(now);
    } else {
      this.#attempt(now, newest.link);
    }
  }

  /** A change that is not sent yet can still go elsewhere. */
  #lookAtChange(now: number): void {
    this.#lookAt = 0;
    const waiting = this.#tries[0];
    if (!waiting || this.#call.traffic.session(waiting.link).isOpen) return;
    const definite = !this.#withdraw(waiting);
    waiting.link.standing.failed(now);
    const message = `${waiting.link.address} did not take the connection in time`;
    this.#failed(new SynodError('unavailable', message, { definite }), 2, now);
  }

  #timeUp(now: number): void {
    for (const { link } of this.#tries) link.standing.failed(now);
    const sent = this.#withdrawAll();
    if (sent) this.#mayHaveHappened = true;
    const { traffic, deadline } = this.#call;
    const what = traffic.describe(this.#command);
    const { timeoutMs } = deadline;
    this.#settle(tooLate({ what, timeoutMs, sent, isDefinite: this.#isDefinite, problem: this.#problem }));
  }

  #settle(result: Outcome | SynodError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#call.core.wheel.clear(this);
    this.#withdrawAll();
    this.#call.settled(this.#number, result instanceof SynodError ? this.#withCertainty(result) : result);
  }

  /** Answers whether it may have reached its server. */
  #withdraw(withdrawn: Try): boolean {
    this.#tries = end(this.#tries, withdrawn, this.#call.core.hedging);
    return withdraw(withdrawn);
  }

  /** Answers whether one of them may have reached its server. */
  #withdrawAll(): boolean {
    let sent = false;
    for (const one of this.#tries) sent = this.#withdraw(one) || sent;
    return sent;
  }

  /** A read changes nothing. What was sent and not answered may have happened, whatever a later try was told. */
  get #isDefinite(): boolean {
    return this.#isRead || !this.#mayHaveHappened;
  }

  #withCertainty(error: SynodError): SynodError {
    const definite = this.#isDefinite;
    if (error.definite === definite) return error;
    return new SynodError(error.code, error.message, { definite, cause: error });
  }

  #arm(): void {
    if (this.#settled) return;
    let at = this.#call.deadline.end;
    if (this.#againAt > 0) at = Math.min(at, this.#againAt);
    if (this.#lookAt > 0) at = Math.min(at, this.#lookAt);
    this.#call.core.wheel.set(this, at);
  }
}
