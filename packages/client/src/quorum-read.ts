import { SynodError } from '@synod/kernel';
import { Consultation, tagOf, type ReplicaReply } from '@synod/register';
import type { KeyOperation, OperationOutcome } from '@synod/transport/client';
import type { Asked, Inquirer, Inquiry } from './inquiry.js';
import { Operation } from './operation.js';
import { tooLate } from './too-late.js';
import type { Circumstances } from './traffic.js';

/**
 * A read that asks a majority of the replicas itself, which takes half as long as a server that asks them. Whatever stands
 * in its way, replies that differ above all, makes it a read as any other, by a replica.
 */
export class QuorumRead implements Inquirer {
  readonly #call: Circumstances<KeyOperation, OperationOutcome>;
  readonly #command: KeyOperation;
  readonly #number: number;
  readonly #consultation = new Consultation();
  /** Of which it is a part. */
  #inquiry: Inquiry | undefined;
  /** Of the one that was asked for the value. */
  #first: ReplicaReply | undefined;
  #byReplica: Operation<KeyOperation, OperationOutcome> | undefined;
  /** No replica's reply matters any more. */
  #over = false;

  /** `number`: among those of its call. */
  constructor(call: Circumstances<KeyOperation, OperationOutcome>, command: KeyOperation, number: number) {
    this.#call = call;
    this.#command = command;
    this.#number = number;
  }

  get key(): string {
    return this.#command.key;
  }

  get end(): number {
    return this.#call.deadline.end;
  }

  get waits(): boolean {
    return !this.#over;
  }

  start(now: number): void {
    const { core, traffic } = this.#call;
    const { routes } = core.layout;
    const nodes = routes && traffic.access(routes, this.#command)?.readers;
    this.#inquiry = nodes && core.inquiries.add(this, nodes, core.placeIn(nodes), now);
    if (!this.#inquiry) this.#leaveToReplica(now);
  }

  /** Ends it with `cancelled`. */
  giveUp(why: string): void {
    if (this.#byReplica) this.#byReplica.giveUp(why);
    else if (!this.#over) this.#settle(new SynodError('cancelled', why));
  }

  told({ node, timestampOnly }: Asked, reply: ReplicaReply | undefined, now: number): void {
    if (!reply) return this.#leaveToReplica(now);
    if (!timestampOnly) this.#first = reply;
    this.#consultation.add(node, reply);
    if (this.#consultation.agrees && this.#first) this.#settle(valueIn(this.#first));
    else if (this.#consultation.differs || this.#inquiry?.isComplete) this.#leaveToReplica(now);
  }

  late(now: number): void {
    const { traffic, deadline } = this.#call;
    if (now < deadline.end) return this.#leaveToReplica(now);
    const { timeoutMs } = deadline;
    const what = traffic.describe(this.#command);
    this.#settle(tooLate({ what, timeoutMs, sent: true, isDefinite: true, problem: undefined }));
  }

  #leaveToReplica(now: number): void {
    this.#leave();
    this.#byReplica = new Operation(this.#call, this.#command, this.#number);
    this.#byReplica.start(now);
  }

  #settle(result: OperationOutcome | SynodError): void {
    this.#leave();
    this.#call.settled(this.#number, result);
  }

  #leave(): void {
    this.#over = true;
    this.#inquiry?.leave();
  }
}

function valueIn({ value, timestamp }: ReplicaReply): OperationOutcome {
  return { type: 'value', value, tag: timestamp && tagOf(timestamp) };
}
