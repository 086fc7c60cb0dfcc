import { SynodError } from '@synod/kernel';
import type { ReplicaReply } from '@synod/register';
import {
  maxConsultKeys,
  type OperationOutcome,
  type RegisterOperation,
  type Submission,
} from '@synod/transport/client';
import { isOfServer, type LastingSession } from './lasting-session.js';
import type { Standing } from './standing.js';

/** Who asks a replica about a register. */
export interface Inquirer {
  /** `place`: among those whom this one asks. Undefined: the replica says nothing of it, or can not be asked. */
  told(place: number, reply: ReplicaReply | undefined, now: number): void;
}

/** What is asked of one replica at a time, about many registers for as many inquirers, and its answer. */
export class Inquiry {
  readonly keys: string[] = [];
  readonly #inquirers: Inquirer[] = [];
  readonly #places: number[] = [];
  #waiting = 0;
  #submission: Submission | undefined;

  add(key: string, inquirer: Inquirer, place: number): void {
    this.keys.push(key);
    this.#inquirers.push(inquirer);
    this.#places.push(place);
    this.#waiting++;
  }

  /** One of them does not wait any more: when none does, nothing is kept for an answer that may never come. */
  leave(): void {
    this.#waiting--;
    if (this.#waiting === 0) this.#submission?.withdraw();
  }

  send(session: LastingSession<RegisterOperation, OperationOutcome>, standing: Standing, timestampOnly: boolean): void {
    if (this.#waiting === 0) return;
    this.#submission = session.submit({ type: 'consult', keys: this.keys, timestampOnly }, (result) => {
      const now = performance.now();
      if (isOfServer(result)) standing.answered(now);
      const replies = result instanceof SynodError || result.type !== 'consulted' ? [] : result.replies;
      for (const [i, inquirer] of this.#inquirers.entries()) inquirer.told(this.#places[i]!, replies[i], now);
    });
  }
}

/** What the reads of one moment ask of one replica travels as one operation. */
export class Inquiries {
  readonly #session: LastingSession<RegisterOperation, OperationOutcome>;
  readonly #standing: Standing;
  readonly #gathered: (Inquiry | undefined)[] = [];

  constructor(session: LastingSession<RegisterOperation, OperationOutcome>, standing: Standing) {
    this.#session = session;
    this.#standing = standing;
  }

  /** Returns what it has become a part of. */
  add(key: string, timestampOnly: boolean, inquirer: Inquirer, place: number): Inquiry {
    const kind = timestampOnly ? 1 : 0;
    let inquiry = this.#gathered[kind];
    if (!inquiry || inquiry.keys.length === maxConsultKeys) this.#gathered[kind] = inquiry = this.#begin(kind);
    inquiry.add(key, inquirer, place);
    return inquiry;
  }

  #begin(kind: number): Inquiry {
    const inquiry = new Inquiry();
    queueMicrotask(() => {
      if (this.#gathered[kind] === inquiry) this.#gathered[kind] = undefined;
      inquiry.send(this.#session, this.#standing, kind === 1);
    });
    return inquiry;
  }
}
