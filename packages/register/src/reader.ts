import { SynodError, type Effects, type Time } from '@synod/kernel';
import type { Cell } from './cell.js';
import { Coordinator } from './coordinator.js';
import type { ReadResult, RegisterProtocol } from './protocol.js';
import type { Operation, Round } from './round.js';
import { tagOf } from './timestamp.js';

/** Reads registers: takes the highest cell of a quorum, and makes sure that a quorum holds it before it is shown. */
export class Reader extends Coordinator<Operation> {
  protected start(round: Round<Operation>, effects: Effects<RegisterProtocol>, now: Time): void {
    this.consult(round, effects, now);
  }

  /**
   * Without the write-back a later read could find an older value, when the write of this one is unfinished. It is
   * left out only if the replies themselves prove that a quorum holds the cell.
   */
  protected consulted(round: Round<Operation>, effects: Effects<RegisterProtocol>, now: Time): void {
    const { highest } = round;
    if (highest && !round.isUnanimous) this.impose(round, highest, effects, now);
    else this.#answer(round, highest, effects);
  }

  protected imposed(round: Round<Operation>, effects: Effects<RegisterProtocol>): void {
    this.#answer(round, round.highest, effects);
  }

  protected noQuorum(round: Round<Operation> | undefined, key: string): SynodError {
    return new SynodError('no_quorum', `no majority of the replicas of ${JSON.stringify(key)} answered in time`);
  }

  protected runsAlone(): boolean {
    return false;
  }

  #answer(round: Round<Operation>, cell: Cell | undefined, effects: Effects<RegisterProtocol>): void {
    const result: ReadResult = { type: 'value', value: cell?.value, tag: cell && tagOf(cell) };
    for (const { id } of round.operations) effects.answer(id, result);
    if (cell) this.parts.confirmed(round.key, cell);
    this.end(round);
  }
}
