import { SynodError, type OperationId, type Time } from '@synod/kernel';
import type { Change } from './block.js';
import type { Consensus } from './consensus.js';
import type { Member } from './member.js';
import type { PaxosEffects, RoundEnd } from './options.js';

/** What a machine around `Consensus` answers to a change that it is asked for. */
export type ReplaceResult =
  /**
   * The server is another from the block of this height on. Of the disk before it, blocks hold the entries up to
   * `sequence`; what it held beyond is lost.
   */
  | { readonly type: 'replaced'; readonly height: number; readonly sequence: number }
  | { readonly type: 'error'; readonly error: SynodError };

interface Answer {
  readonly id: OperationId;
  readonly result: ReplaceResult;
}

/** Those who asked for a change, until a block holds it. For the machine that an application builds around `Consensus`. */
export class Replacing {
  #askers: readonly { readonly id: OperationId; readonly change: Change; readonly before: number | undefined }[] = [];

  /** The answer, if there is one at once. */
  ask<T>(
    id: OperationId,
    change: Change,
    consensus: Consensus<T>,
    effects: PaxosEffects<T>,
    now: Time,
  ): ReplaceResult | undefined {
    const objection = consensus.disk.replaced ?? consensus.membership.objectionTo(change);
    if (objection) return { type: 'error', error: objection };
    const member = consensus.replace(change, effects, now);
    if (member) return replaced(member);
    this.#askers = [...this.#askers, { id, change, before: consensus.membership.get(change.server)?.height }];
    return undefined;
  }

  /** A round ended: answers those whose change a block holds by now, and those whom another change of that server beat. */
  settled<T>(end: RoundEnd, { membership }: Consensus<T>): Answer[] {
    if (end.kind === 'no-quorum') return this.#fail(noMajority());
    if (end.kind === 'replaced') return this.#fail(end.error);
    const answers: Answer[] = [];
    this.#askers = this.#askers.filter(({ id, change, before }) => {
      const member = membership.get(change.server);
      if (!member || member.height === before) return true;
      const result: ReplaceResult = membership.standing(change)
        ? replaced(member)
        : { type: 'error', error: beaten(change, member) };
      answers.push({ id, result });
      return false;
    });
    return answers;
  }

  #fail(error: SynodError): Answer[] {
    const askers = this.#askers;
    this.#askers = [];
    return askers.map(({ id }) => ({ id, result: { type: 'error', error } }));
  }
}

/** The block may be chosen yet. */
function noMajority(): SynodError {
  const message = 'no majority answered in time; the replacement may still happen: ask again';
  return new SynodError('no_quorum', message, { definite: false });
}

function replaced({ height, sequence }: Member): ReplaceResult {
  return { type: 'replaced', height, sequence };
}

function beaten({ server }: Change, { height, disk, address }: Member): SynodError {
  const message = `${server} was replaced by disk ${disk} at ${address} meanwhile, in block ${height}; nothing else was done`;
  return new SynodError('invalid_argument', message);
}
