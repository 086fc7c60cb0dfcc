import { SynodError, type Effects, type Time } from '@synod/kernel';
import { Coordinator, type CoordinatorParts } from './coordinator.js';
import type { Incarnation } from './incarnation.js';
import type { RegisterProtocol } from './protocol.js';
import type { Round, WriteOperation } from './round.js';
import { counterOf } from './timestamp.js';

/**
 * Writes registers. A single writer knows the highest timestamp of its register, once it has asked for it in this life;
 * of many writers each asks every time.
 */
export class Writer extends Coordinator<WriteOperation> {
  readonly #incarnation: Incarnation;

  constructor(parts: CoordinatorParts, incarnation: Incarnation) {
    super(parts);
    this.#incarnation = incarnation;
  }

  protected start(round: Round<WriteOperation>, effects: Effects<RegisterProtocol>, now: Time): void {
    if (this.#mustConsult(round)) this.consult(round, effects, now);
    else this.#issue(round, effects, now);
  }

  /** What the quorum holds and this node does not needs no write of its own: what is written now is above it. */
  protected consulted(round: Round<WriteOperation>, effects: Effects<RegisterProtocol>, now: Time): void {
    this.#issue(round, effects, now);
  }

  protected imposed(round: Round<WriteOperation>, effects: Effects<RegisterProtocol>): void {
    const cell = round.phase!.imposed!;
    // The last stands at the end of its batch, the others directly before it, where nobody has seen them.
    let counter = cell.counter - round.operations.length;
    for (const { id } of round.operations) effects.answer(id, { type: 'written', tag: [++counter, cell.writer] });
    this.parts.confirmed(round.key, cell);
    this.end(round);
  }

  protected noQuorum(round: Round<WriteOperation> | undefined, key: string): SynodError {
    const message = `no majority of the replicas of ${JSON.stringify(key)} answered in time`;
    if (!round?.phase?.imposed) return new SynodError('no_quorum', `${message}; nothing was written`);
    return new SynodError('no_quorum', `${message}; the write may still take effect`, { definite: false });
  }

  /** Deletions, and writes whose caller demands it. */
  protected runsAlone({ value, alone }: WriteOperation): boolean {
    return alone || value === undefined;
  }

  /**
   * A single writer's cell of this very life stands above all that a quorum could tell: unless the writer was replaced.
   * Then a minority may hold what its former disk went on to issue, and may show it at any time.
   */
  #mustConsult({ key, set }: Round<WriteOperation>): boolean {
    if (set.writer === 'any' || this.parts.membership.isReplacement) return true;
    const own = this.parts.registers.timestamp(key);
    return own?.writer !== this.parts.self || own.incarnation !== this.#incarnation;
  }

  /** Each operation takes a timestamp of its own, above all that was ever issued here or seen; the last is imposed. */
  #issue(round: Round<WriteOperation>, effects: Effects<RegisterProtocol>, now: Time): void {
    const own = this.parts.registers.timestamp(round.key);
    const counter = Math.max(counterOf(round.highest), counterOf(own)) + round.operations.length;
    const { value } = round.operations.at(-1)!;
    this.impose(round, { counter, writer: this.parts.self, incarnation: this.#incarnation, value }, effects, now);
  }
}
