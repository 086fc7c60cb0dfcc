import { quorumSize, SynodError, type NodeId } from '@synod/kernel';
import { Consultation, tagOf, type ConsultedResult } from '@synod/register';
import type { OperationOutcome, RegisterOperation, Submission } from '@synod/transport/client';
import { isOfServer } from './lasting-session.js';
import { Operation, tryMs } from './operation.js';
import type { ServerLink } from './server-link.js';
import type { Timed } from './timer-wheel.js';
import { tooLate } from './too-late.js';
import type { Circumstances } from './traffic.js';

/** One replica that is asked. */
interface Asked {
  readonly node: NodeId;
  readonly link: ServerLink;
  submission: Submission | undefined;
  answered: boolean;
}

/**
 * A read that asks a majority of the replicas itself, which takes half as long as a server that asks them. Whatever stands
 * in its way, replies that differ above all, makes it a read as any other, by a replica.
 */
export class QuorumRead implements Timed {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #call: Circumstances<RegisterOperation, OperationOutcome>;
  readonly #command: RegisterOperation;
  readonly #number: number;
  readonly #consultation = new Consultation();
  #asked: readonly Asked[] = [];
  #missing = 0;
  /** The one reply that carries the value. */
  #told: ConsultedResult | undefined;
  #byReplica: Operation<RegisterOperation, OperationOutcome> | undefined;
  #over = false;

  /** `number`: among those of its call. */
  constructor(call: Circumstances<RegisterOperation, OperationOutcome>, command: RegisterOperation, number: number) {
    this.#call = call;
    this.#command = command;
    this.#number = number;
  }

  start(now: number): void {
    const quorum = this.#quorum(now);
    if (!quorum) return this.#leaveToReplica(now);
    this.#asked = quorum;
    this.#missing = quorum.length;
    this.#arm(now);
    for (const one of quorum) this.#ask(one, one !== quorum[0]);
  }

  /** Ends it with `cancelled`. */
  giveUp(why: string): void {
    if (this.#byReplica) return this.#byReplica.giveUp(why);
    this.#settle(new SynodError('cancelled', why));
  }

  /** Whoever has not answered yet is asked for nothing more, if a read by a replica may be one too many. */
  onDue(): void {
    const { core, traffic, deadline } = this.#call;
    const now = performance.now();
    const late = this.#asked.find(({ answered }) => !answered)!;
    const prompt = this.#asked.find(({ answered }) => answered) ?? late;
    const passed = now >= deadline.end;
    if (!passed && !core.hedging.allows(late.link.standing, prompt.link.standing, now)) return this.#arm(now);
    for (const { answered, link } of this.#asked) if (!answered) link.standing.failed(now);
    if (!passed) return this.#leaveToReplica(now);
    const { timeoutMs } = deadline;
    this.#settle(
      tooLate({ what: traffic.describe(this.#command), timeoutMs, sent: true, isDefinite: true, problem: undefined }),
    );
  }

  /** A majority against which nothing speaks, the usual server first; undefined: there is none. */
  #quorum(now: number): Asked[] | undefined {
    const { core, traffic } = this.#call;
    const { routes } = core.layout;
    const nodes = routes && traffic.access(routes, this.#command)?.readers;
    if (!nodes) return undefined;
    const size = quorumSize(nodes.length);
    const first = core.placeIn(nodes);
    const quorum: Asked[] = [];
    for (let i = 0; i < nodes.length && quorum.length < size; i++) {
      const node = nodes[(first + i) % nodes.length]!;
      const link = core.servers.at(node);
      if (link?.standing.isGood) quorum.push({ node, link, submission: undefined, answered: false });
      else if (link) traffic.session(link).probe(this.#command, now);
    }
    return quorum.length === size ? quorum : undefined;
  }

  #ask(one: Asked, timestampOnly: boolean): void {
    if (this.#over || this.#byReplica) return;
    const command = { type: 'consult', key: this.#command.key, timestampOnly } as const;
    one.submission = this.#call.traffic.session(one.link).submit(command, (result) => {
      one.answered = true;
      this.#missing--;
      this.#answered(one, result, timestampOnly);
    });
  }

  #answered({ node, link }: Asked, result: OperationOutcome | SynodError, timestampOnly: boolean): void {
    const now = performance.now();
    if (isOfServer(result)) link.standing.answered(now);
    if (result instanceof SynodError || result.type !== 'consulted') return this.#leaveToReplica(now);
    if (!timestampOnly) this.#told = result;
    this.#consultation.add(node, result);
    if (this.#consultation.agrees && this.#told) this.#settle(valueIn(this.#told));
    else if (this.#consultation.differs || this.#missing === 0) this.#leaveToReplica(now);
  }

  #leaveToReplica(now: number): void {
    this.#stop();
    this.#byReplica = new Operation(this.#call, this.#command, this.#number);
    this.#byReplica.start(now);
  }

  #settle(result: OperationOutcome | SynodError): void {
    if (this.#over) return;
    this.#stop();
    this.#call.settled(this.#number, result);
  }

  /** Nobody is asked any more. */
  #stop(): void {
    this.#over = true;
    this.#call.core.wheel.clear(this);
    if (this.#missing > 0) for (const { answered, submission } of this.#asked) if (!answered) submission?.withdraw();
  }

  #arm(now: number): void {
    const { core, deadline } = this.#call;
    core.wheel.set(this, Math.min(deadline.end, now + Math.min(core.hedging.delayMs, tryMs)));
  }
}

function valueIn({ value, timestamp }: ConsultedResult): OperationOutcome {
  return { type: 'value', value, tag: timestamp && tagOf(timestamp) };
}
