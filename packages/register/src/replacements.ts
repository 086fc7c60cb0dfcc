import { SynodError, type Effects, type NodeId, type OperationId, type Time } from '@synod/kernel';
import { objectionToReplacement } from './checks.js';
import type { Configuration, Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { RegisterOptions, Timing } from './options.js';
import type { RegisterProtocol, ReplaceCommand } from './protocol.js';
import { registerKeys } from './records.js';

interface ReplacementsOptions extends Pick<RegisterOptions, 'self' | 'onReplacements'> {
  readonly others: readonly NodeId[];
  readonly timing: Timing;
  readonly configuration: Configuration;
}

/** Somebody who asked for a replacement and is answered when it is done. */
interface Waiting {
  readonly id: OperationId;
  readonly replacement: Replacement;
  readonly arrived: Time;
}

/** Keeps and spreads what is known of replacements, and begins those that the operator asks for. */
export class Replacements {
  readonly #self: NodeId;
  readonly #others: readonly NodeId[];
  readonly #timing: Timing;
  readonly #configuration: Configuration;
  readonly #onReplacements: RegisterOptions['onReplacements'];
  #waiting: readonly Waiting[] = [];
  #askedAt: Time = Number.NEGATIVE_INFINITY;

  constructor({ self, others, timing, configuration, onReplacements }: ReplacementsOptions) {
    this.#self = self;
    this.#others = others;
    this.#timing = timing;
    this.#configuration = configuration;
    this.#onReplacements = onReplacements;
  }

  /** What was known in an earlier life. */
  recover(replacement: Replacement): void {
    this.#configuration.merge([replacement]);
  }

  /** Those who must know where the nodes are, learn it. */
  announce(): void {
    const { replacements } = this.#configuration;
    if (replacements.length > 0) this.#onReplacements?.(replacements);
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#configuration.replacements.every(({ done }) => done);
  }

  /** Makes it durable, and tells everybody, those included who know it. Returns what is new. */
  take(replacements: readonly Replacement[], effects: Effects<RegisterProtocol>): readonly Replacement[] {
    const changed = this.#configuration.merge(replacements);
    if (changed.length === 0) return changed;
    for (const { node, ...replacement } of changed) {
      effects.put(registerKeys.replacement(node), { kind: 'replacement', ...replacement });
    }
    effects.toAll(this.#others, { type: 'configuration', replacements: this.#configuration.replacements });
    this.#answerDone(effects);
    this.announce();
    return changed;
  }

  tell(peer: NodeId, effects: Effects<RegisterProtocol>): void {
    effects.to(peer, { type: 'configuration', replacements: this.#configuration.replacements });
  }

  /** The replacement that a command is for; undefined: it is refused, and answered. */
  begin(
    id: OperationId,
    command: ReplaceCommand,
    diskOf: (node: NodeId) => Incarnation | undefined,
    effects: Effects<RegisterProtocol>,
    now: Time,
  ): Replacement | undefined {
    const { node, disk, address } = command;
    const known = this.#configuration.of(node);
    const isKnown = known?.disk === disk && known.address === address;
    const objection = isKnown
      ? undefined
      : objectionToReplacement(this.#self, this.#others, command, this.#configuration, diskOf);
    if (objection) {
      effects.answer(id, { type: 'error', error: objection });
      return undefined;
    }
    const replacement = isKnown ? known : { node, version: (known?.version ?? 0) + 1, disk, address, done: false };
    if (replacement.done) effects.answer(id, { type: 'replaced', replacement });
    else this.#waiting = [...this.#waiting, { id, replacement, arrived: now }];
    return replacement;
  }

  /** Asks those in reach who are not done yet, and answers who has waited for too long. */
  tick(linked: ReadonlySet<NodeId>, effects: Effects<RegisterProtocol>, now: Time): void {
    if (now - this.#askedAt >= this.#timing.resendMs) {
      this.#askedAt = now;
      for (const { node, done } of this.#configuration.replacements)
        if (!done && linked.has(node)) this.tell(node, effects);
    }
    this.#waiting = this.#waiting.filter(({ id, replacement, arrived }) => {
      if (now - arrived < this.#timing.replaceMs) return true;
      const { node, address } = replacement;
      const message = `${node} at ${address} has not copied all it must yet; it goes on, and so do the others without it`;
      effects.answer(id, { type: 'error', error: new SynodError('deadline', message, { definite: false }) });
      return false;
    });
  }

  #answerDone(effects: Effects<RegisterProtocol>): void {
    this.#waiting = this.#waiting.filter(({ id, replacement: { node, disk } }) => {
      const latest = this.#configuration.of(node)!;
      if (latest.disk === disk && !latest.done) return true;
      if (latest.disk === disk) effects.answer(id, { type: 'replaced', replacement: latest });
      else {
        const message = `${node} was replaced by disk ${latest.disk} at ${latest.address} meanwhile`;
        effects.answer(id, { type: 'error', error: new SynodError('refused', message) });
      }
      return false;
    });
  }
}
