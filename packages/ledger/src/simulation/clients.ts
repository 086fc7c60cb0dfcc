import { invariant, type NodeId, type SynodError } from '@synod/kernel';
import type { TransferCommand, TransferOutcome, TransferStatus } from '../protocol.js';
import type { AccountId } from '../transfer.js';
import type { SimulatedBank } from './simulated-bank.js';

/** How long a client waits before it repeats its transfer. */
const patienceMs = 1500;

/** One transfer, and what its client knows of it. */
interface Submission {
  readonly command: TransferCommand;
  told: TransferOutcome | undefined;
  /** Its place in the order of arrival; undefined if a crash between arrival and answer makes that uncertain. */
  arrival: number | undefined;
  life: number | undefined;
  /** Given to a home that was replaced since, or did not take part yet: its place in the order is not known. */
  replaced: boolean;
}

/** Clients that repeat a transfer under its id until they are told what became of it, and hold every answer to the last. */
export class Clients {
  readonly #bank: SimulatedBank;
  readonly #submissions: Submission[] = [];
  /** How often clients were told what. */
  readonly answers: Partial<Record<TransferStatus, number>> = {};
  #arrivals = 0;

  constructor(bank: SimulatedBank) {
    this.#bank = bank;
    bank.onReplaced = (server) => this.#replaced(server);
  }

  /** But for those whose home is lost. */
  get allTold(): boolean {
    return this.#submissions.every((submission) => submission.told ?? this.#bank.isLost(this.#homeOf(submission)));
  }

  submit(command: TransferCommand): void {
    const submission: Submission = { command, told: undefined, arrival: undefined, life: undefined, replaced: false };
    this.#submissions.push(submission);
    this.#untilTold(submission);
  }

  /** Repeats something that was submitted before. Returns whether it was. */
  repeat(id: string): boolean {
    const submission = this.#submissions.find(({ command }) => command.transfer.id === id);
    if (submission) this.#send(submission);
    return submission !== undefined;
  }

  /** Asks again for everything, and waits for the answers: each must agree with the one before. */
  repeatAll(): void {
    for (const submission of this.#submissions) {
      const { command } = submission;
      if (this.#bank.isLost(this.#homeOf(submission))) continue;
      const { outcome } = this.#bank.ask(this.#homeOf(submission), command, 'outcome');
      this.#take(submission, outcome);
    }
  }

  /** Transfers of one account are executed in the order in which they arrived. */
  checkOrder(): void {
    const byAccount = new Map<AccountId, Submission[]>();
    for (const submission of this.#submissions) {
      if (submission.arrival === undefined || !submission.told?.sequence) continue;
      const { from } = submission.command.transfer;
      byAccount.set(from, [...(byAccount.get(from) ?? []), submission]);
    }
    for (const executed of byAccount.values()) {
      executed.sort((a, b) => a.told!.sequence - b.told!.sequence);
      for (const [i, { arrival, command }] of executed.entries()) {
        const before = executed[i - 1]?.arrival ?? 0;
        invariant(before < arrival!, `${command.transfer.id} is executed after one that arrived later`);
      }
    }
  }

  #untilTold(submission: Submission): void {
    if (submission.told) return;
    this.#send(submission);
    this.#bank.simulation.after(patienceMs, () => this.#untilTold(submission));
  }

  /** Who gave a transfer to a server that is replaced asks the new one what became of it. */
  #replaced(server: NodeId): void {
    for (const submission of this.#submissions) {
      if (this.#homeOf(submission) !== server) continue;
      const wasTold = submission.told !== undefined;
      Object.assign(submission, { told: undefined, arrival: undefined, replaced: true });
      if (wasTold) this.#bank.simulation.after(patienceMs, () => this.#untilTold(submission));
    }
  }

  #send(submission: Submission): void {
    const home = this.#homeOf(submission);
    const node = this.#bank.nodeOf(home);
    if (!this.#bank.simulation.isUp(node)) return;
    const life = this.#bank.lives.get(node);
    if (submission.life === undefined && !submission.replaced) submission.arrival = ++this.#arrivals;
    else if (submission.life !== life && !submission.told) submission.arrival = undefined;
    submission.life = life;
    this.#bank.simulation.invoke(node, submission.command, (result) => {
      if (this.#bank.nodeOf(home) !== node) return; // nobody believes a server that was replaced
      if (this.#bank.isLost(home)) return; // it is worth nothing
      if (result.type === 'error' && isNotYet(result.error, node !== home)) {
        Object.assign(submission, { arrival: undefined, replaced: true }); // it was turned away: it arrives later
        return;
      }
      invariant(result.type === 'outcome', `${submission.command.transfer.id} is answered ${result.type}`);
      this.#take(submission, result.outcome);
    });
  }

  #take(submission: Submission, outcome: TransferOutcome): void {
    const { audit } = this.#bank;
    const { transfer } = submission.command;
    const before = submission.told;
    const decided = before && before.status !== 'pending';
    const agrees = decided
      ? outcome.status === before.status && outcome.sequence === before.sequence
      : outcome.status === 'pending' || !before || outcome.status === 'consensus';
    invariant(agrees, `${transfer.id} is ${before?.status} ${before?.sequence}, then ${outcome.status}`);
    submission.told = outcome;
    this.answers[outcome.status] = (this.answers[outcome.status] ?? 0) + 1;
    const owedABlock = submission.command.durability === 'committed' && outcome.sequence > 0;
    invariant(!owedABlock || outcome.committed || outcome.reason !== '', `${transfer.id} is answered before its block`);
    const owner = this.#homeOf(submission);
    if (outcome.status === 'rejected') audit.refused(transfer);
    if (outcome.sequence > 0) audit.acknowledged({ owner, sequence: outcome.sequence, value: transfer });
    const inBlock = outcome.sequence > 0 && outcome.sequence <= audit.committedSequence(owner);
    invariant(!outcome.committed || inBlock, `${transfer.id} is called committed, and is in no block`);
  }

  #homeOf({ command }: Submission): NodeId {
    return this.#bank.home(command.transfer.from);
  }
}

/** A replacement takes part when it has the block that names it; another server may have shown it before. */
function isNotYet({ code }: SynodError, isReplacement: boolean): boolean {
  return isReplacement && (code === 'not_ready' || code === 'replaced');
}
