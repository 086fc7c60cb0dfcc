import type { Input, Output } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import { sameBallot, showBallot, type Ballot } from '@synod/paxos';
import type { EventLog } from '@synod/server';

interface Round {
  readonly ballot: Ballot;
  readonly height: number;
}

/** Tells when a round that this server leads starts, and how it ends, from what the proposer sends and persists. */
export class RoundEvents {
  readonly #events: EventLog;
  #open: Round | undefined;

  constructor(events: EventLog) {
    this.#events = events;
  }

  released(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
    if (this.#open) {
      const how = howItEnded(this.#open, output, input);
      if (how !== undefined) this.#end(this.#open, how);
    }
    for (const { message } of output.send) {
      if (message.type !== 'prepare' || (this.#open && sameBallot(this.#open.ballot, message.ballot))) continue;
      if (this.#open) this.#end(this.#open, 'given up');
      this.#open = { ballot: message.ballot, height: message.height };
      const { ballot, height } = message;
      this.#events.add(
        'info',
        'round-started',
        `round ${showBallot(ballot)} for block ${height} starts`,
        show(message),
      );
    }
  }

  /** Time may have ended the round; nothing that the server sends would tell. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** `leading`: the ballot of the round that the server leads now, if any. Returns whether the round has ended. */
  checked(leading: Ballot | undefined): boolean {
    const open = this.#open;
    if (!open || (leading && sameBallot(leading, open.ballot))) return false;
    this.#end(open, 'unanswered');
    return true;
  }

  #end(round: Round, how: string): void {
    this.#open = undefined;
    const message = `round ${showBallot(round.ballot)} for block ${round.height} ends: ${how}`;
    this.#events.add('info', 'round-ended', message, { ...show(round), how });
  }
}

function show({ ballot, height }: Round): Record<string, string> {
  return { ballot: showBallot(ballot), height: String(height) };
}

function howItEnded(
  { ballot, height }: Round,
  { persist, send }: Output<LedgerProtocol>,
  input: Input<LedgerProtocol>,
): string | undefined {
  if (send.some(({ message }) => message.type === 'withdraw' && sameBallot(message.ballot, ballot))) return 'empty';
  const { message: told } = input.kind === 'deliver' ? input : {};
  const isOwn = told?.type === 'commit' && sameBallot(told.ballot, ballot);
  for (const { value } of persist) {
    // A block that others proposed first may be committed by this round, or one of this round by others.
    if (value?.kind === 'block' && value.block.height >= height) {
      return isOwn || sameBallot(value.block.ballot, ballot) ? 'committed' : 'overtaken';
    }
    if (value?.kind === 'missing' && value.to >= height) return 'overtaken'; // by a snapshot
  }
  const isRefused = told?.type === 'nack' && sameBallot(told.ballot, ballot) && told.height === height;
  return isRefused ? `refused for ${showBallot(told.promised)}` : undefined;
}
