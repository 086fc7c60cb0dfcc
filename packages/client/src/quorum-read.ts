import { quorumSize, SynodError, type NodeId } from '@synod/kernel';
import { Consultation, tagOf, type ReplicaReply } from '@synod/register';
import type { KeyOperation, OperationOutcome } from '@synod/transport/client';
import type { Inquirer, Inquiry } from './inquiry.js';
import { Operation, tryMs } from './operation.js';
import type { ServerLink } from './server-link.js';
import type { Timed } from './timer-wheel.js';
import { tooLate } from './too-late.js';
import type { Circumstances } from './traffic.js';

/** One replica that is asked; the first one is asked for the value. */
interface Asked {
  readonly node: NodeId;
  readonly link: ServerLink;
  inquiry: Inquiry | undefined;
  answered: boolean;
}

/**
 * A read that asks a majority of the replicas itself, which takes half as long as a server that asks them. Whatever stands
 * in its way, replies that differ above all, makes it a read as any other, by a replica.
 */
export class QuorumRead implements Timed, Inquirer {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #call: Circumstances<KeyOperation, OperationOutcome>;
  readonly #command: KeyOperation;
  readonly #number: number;
  readonly #consultation = new Consultation();
  #asked: readonly Asked[] = [];
  #missing = 0;
  #first: ReplicaReply | undefined;
  #byReplica: Operation<KeyOperation, OperationOutcome> | undefined;
  #over = false;

  /** `number`: among those of its call. */
  constructor(call: Circumstances<KeyOperation, OperationOutcome>, command: KeyOperation, number: number) {
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
    for (const [place, one] of quorum.entries()) {
      one.inquiry = one.link.inquiries.add(this.#command.key, place > 0, this, place);
    }
  }

  /** Ends it with `cancelled`. */
  giveUp(why: string): void {
    if (this.#byReplica) return this.#byReplica.giveUp(why);
    this.#settle(new SynodError('cancelled', why));
  }

  told(place: number, reply: ReplicaReply | undefined, now: number): void {
    const one = this.#asked[place]!;
    if (this.#over) return;
    one.answered = true;
    this.#missing--;
    if (!reply) return this.#leaveToReplica(now);
    if (place === 0) this.#first = reply;
    this.#consultation.add(one.node, reply);
    if (this.#consultation.agrees && this.#first) this.#settle(valueIn(this.#first));
    else if (this.#consultation.differs || this.#missing === 0) this.#leaveToReplica(now);
  }

  /** Somebody takes too long. A read by a replica as well may be one too many. */
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
    const what = traffic.describe(this.#command);
    this.#settle(tooLate({ what, timeoutMs, sent: true, isDefinite: true, problem: undefined }));
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
      if (link?.standing.isGood) quorum.push({ node, link, inquiry: undefined, answered: false });
      else if (link) traffic.session(link).probe(this.#command, now);
    }
    return quorum.length === size ? quorum : undefined;
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
    if (this.#missing > 0) for (const { answered, inquiry } of this.#asked) if (!answered) inquiry?.leave();
  }

  #arm(now: number): void {
    const { core, deadline } = this.#call;
    core.wheel.set(this, Math.min(deadline.end, now + Math.min(core.hedging.delayMs, tryMs)));
  }
}

function valueIn({ value, timestamp }: ReplicaReply): OperationOutcome {
  return { type: 'value', value, tag: timestamp && tagOf(timestamp) };
}
