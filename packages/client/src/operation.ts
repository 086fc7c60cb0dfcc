import { SynodError } from '@synod/kernel';
import { Backoff } from './backoff.js';
import { choose } from './choose.js';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import { hashOfText } from './hash-of-text.js';
import { isMisdirected, mayTryAgain } from './retry.js';
import type { Routes } from './routes.js';
import type { ServerLink } from './server-link.js';
import type { Timed } from './timer-wheel.js';
import type { Traffic } from './traffic.js';
import { Tries, type Try } from './tries.js';

/** What the operations of one call have in common. */
export interface Circumstances<Command, Outcome> {
  readonly core: ClientCore;
  readonly traffic: Traffic<Command, Outcome>;
  readonly deadline: Deadline;
  /** A change is also sent again after a try whose outcome is unknown. */
  readonly retryIndefinite: boolean;
}

/** How often one operation is sent on. Servers that do not agree on the layout would send it round for ever. */
const maxRedirects = 3;
/** A read that one server has not answered after this time goes to another one, hedged or not. */
const tryMs = 3_000;
/** A change that waits this long for a connection goes to another server that may, if there is one. */
const connectMs = 1_000;

/**
 * One operation of a register or token until it is decided or its time is up: where it goes, and whether it goes
 * again. Reads are repeated freely, also beside one that is under way; a change only when it certainly did not happen.
 */
export class Operation<Command, Outcome> implements Timed {
  due = 0;
  readonly #call: Circumstances<Command, Outcome>;
  readonly #command: Command;
  readonly #isRead: boolean;
  readonly #done: (result: Outcome | SynodError) => void;
  readonly #tries: Tries;
  /** The place among the servers that may where the next try goes. */
  #place: number;
  /** By which it went there. */
  #routes: Routes | undefined;
  #failures = 0;
  #redirects = 0;
  #backoff: Backoff | undefined;
  /** When to try again; as `performance.now()` counts. */
  #againAt = Infinity;
  /** When to see whether what is under way takes too long. */
  #lookAt = Infinity;
  /** What stands in the way, and may pass. */
  #problem: SynodError | undefined;
  /** A change was sent and its answer is lost. */
  #mayHaveHappened = false;
  #settled = false;

  /** `done` is called once. */
  constructor(call: Circumstances<Command, Outcome>, command: Command, done: (result: Outcome | SynodError) => void) {
    const { core, traffic } = call;
    this.#call = call;
    this.#command = command;
    this.#done = done;
    this.#isRead = traffic.isRead(command);
    this.#tries = new Tries(core.hedging);
    // What changes one register meets at one server, which can combine it.
    this.#place = this.#isRead ? core.nextTurn() : hashOfText(traffic.subject(command));
  }

  start(): void {
    this.#attempt();
    this.#arm();
  }

  /** Ends it with `cancelled`. */
  giveUp(why: string): void {
    if (this.#tries.withdrawAll()) this.#mayHaveHappened = true;
    this.#settle(new SynodError('cancelled', why, { definite: this.#isDefinite }));
  }

  onDue(): void {
    const now = performance.now();
    if (now >= this.#call.deadline.end) return this.#timeUp(now);
    if (now >= this.#againAt) {
      this.#againAt = Infinity;
      this.#attempt();
    } else if (now >= this.#lookAt) {
      this.#look(now);
    }
    this.#arm();
  }

  #attempt(): void {
    const { core, traffic } = this.#call;
    this.#routes = core.layout.routes;
    if (!this.#routes) return this.#renewLayout();
    const access = traffic.access(this.#routes, this.#command);
    // What the layout of a moment ago does not have may have come since.
    if (!access) return this.#redirect(traffic.unknown(this.#command), 1);
    const nodes = this.#isRead ? access.readers : access.writers;
    const place = choose(nodes, this.#place, core.servers, this.#tries.underWay);
    const link = core.servers.at(nodes[place] ?? '');
    if (link) {
      this.#place = place + 1;
      this.#send(link, nodes.length);
    } else if (this.#tries.underWay.length === 0) {
      this.#redirect(new SynodError('unknown_server', `nobody says where ${nodes.join(' or ')} can be reached`), 1);
    }
  }

  #send(link: ServerLink, candidates: number): void {
    const { core, traffic } = this.#call;
    const now = performance.now();
    const sent = this.#tries.begin(link, now);
    if (this.#isRead) this.#lookAt = now + Math.min(core.hedging.delayMs, tryMs);
    else this.#lookAt = candidates > 1 ? now + connectMs : Infinity;
    sent.submission = traffic.session(link).submit(this.#command, (result) => this.#answered(sent, result, candidates));
  }

  #answered(sent: Try, result: Outcome | SynodError, candidates: number): void {
    const { link } = sent;
    this.#tries.end(sent);
    if (!(result instanceof SynodError)) {
      link.standing.answered(performance.now());
      return this.#settle(result);
    }
    if (result.code === 'unavailable') void this.#call.core.servers.meetStrangers();
    else if (result.definite) link.standing.answered(performance.now());
    if (isMisdirected(result)) this.#redirect(result, maxRedirects, link);
    else this.#failed(result, candidates);
    this.#arm();
  }

  #failed(error: SynodError, candidates: number): void {
    if (this.#settled) return;
    if (!error.definite) this.#mayHaveHappened = true;
    if (!mayTryAgain(error, this.#isRead || this.#call.retryIndefinite)) return this.#settle(error);
    this.#problem = error;
    this.#failures++;
    // Those that have not been asked since the last pause are asked at once.
    if (this.#failures % candidates > 0) return this.#attempt();
    if (!this.#backoff) (this.#backoff = new Backoff()).next();
    this.#againAt = performance.now() + this.#backoff.next();
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
        if (problem === undefined) this.#attempt();
        else if (problem instanceof SynodError) this.#failed(problem, 1);
        else throw problem;
        this.#arm();
      },
      refusedBy,
    );
  }

  /** Something has been under way for long. */
  #look(now: number): void {
    if (this.#isRead) this.#lookAtRead(now);
    else this.#lookAtChange();
  }

  #lookAtRead(now: number): void {
    const { core, traffic } = this.#call;
    const { hedging } = core;
    this.#lookAt = now + Math.min(hedging.delayMs, tryMs);
    const oldest = this.#tries.underWay[0];
    const newest = this.#tries.underWay.at(-1);
    if (!oldest || !newest) return;
    if (traffic.isBrief && now - oldest.sentAt >= tryMs) {
      this.#tries.withdraw(oldest);
      oldest.link.standing.failed(now);
      this.#attempt();
    } else if (hedging.allows(newest.link.standing, now)) {
      newest.link.standing.failed(now);
      this.#attempt();
    }
  }

  /** What is not sent yet can still go elsewhere. */
  #lookAtChange(): void {
    this.#lookAt = Infinity;
    const waiting = this.#tries.underWay[0];
    if (!waiting || this.#call.traffic.session(waiting.link).isOpen) return;
    const definite = !this.#tries.withdraw(waiting);
    waiting.link.standing.failed(performance.now());
    const message = `${waiting.link.address} did not take the connection in time`;
    this.#failed(new SynodError('unavailable', message, { definite }), 2);
  }

  #timeUp(now: number): void {
    for (const { link } of this.#tries.underWay) link.standing.failed(now);
    const sent = this.#tries.withdrawAll();
    if (sent) this.#mayHaveHappened = true;
    this.#settle(this.#tooLate(sent));
  }

  #tooLate(sent: boolean): SynodError {
    const { traffic, deadline } = this.#call;
    const what = traffic.describe(this.#command);
    const cause = this.#problem;
    const because = cause ? `: ${cause.message}` : '';
    const late = `${what} was not answered in ${deadline.timeoutMs} ms`;
    if (!this.#isDefinite) {
      return new SynodError('deadline', `${late}, its outcome is unknown${because}`, { definite: false, cause });
    }
    // Servers did answer, and what they said tells more than that the time is up.
    if (cause && cause.code !== 'unavailable') return cause;
    if (sent) return new SynodError('deadline', `${late}${because}`, { cause });
    return new SynodError('unavailable', `${what} could not be sent in ${deadline.timeoutMs} ms${because}`, { cause });
  }

  #settle(result: Outcome | SynodError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#call.core.wheel.clear(this);
    this.#tries.withdrawAll();
    this.#done(result instanceof SynodError ? this.#withCertainty(result) : result);
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
    const at = Math.min(this.#call.deadline.end, this.#againAt, this.#lookAt);
    this.#call.core.wheel.set(this, at - performance.now());
  }
}
