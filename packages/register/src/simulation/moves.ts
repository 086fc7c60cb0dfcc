import type { NodeId } from '@synod/kernel';
import type { Simulation } from '@synod/simulator';
import type { RegisterProtocol } from '../protocol.js';
import { registerKeys, registerRecordCodec } from '../records.js';
import { sparePlace, type Place } from './place.js';

/** How often the operator asks again, virtual ms, and how often one node before the next. */
const askMs = 500;
const patience = 8;

interface Wish {
  readonly node: NodeId;
  readonly by: readonly NodeId[];
  readonly done: () => void;
}

/** Who was replaced, and where everybody is: the operator of a simulated cluster. */
export class Moves {
  readonly #simulation: Simulation<RegisterProtocol>;
  /** Nodes that are not where they began, or have another disk there. */
  readonly #places = new Map<NodeId, Place>();
  /** Where former disks may still run. */
  readonly #former = new Set<Place>();
  /** What the operator wants now. Late answers to what he wanted before are not answers to this. */
  #underWay: Wish | undefined;
  #clients = 0;

  constructor(simulation: Simulation<RegisterProtocol>) {
    this.#simulation = simulation;
  }

  get underWay(): boolean {
    return this.#underWay !== undefined;
  }

  wasReplaced(node: NodeId): boolean {
    return this.#places.has(node);
  }

  /** Whether an empty disk there is to replace one. */
  isNew(place: Place): boolean {
    return [...this.#places.values()].includes(place);
  }

  isFormer(place: Place): boolean {
    return this.#former.has(place);
  }

  placeOf(node: NodeId): Place {
    return this.#places.get(node) ?? node;
  }

  /** Where a client of this node asks: every other time the former disk, as long as that is up. */
  placeFor(node: NodeId): Place {
    const asksFormer = this.#former.has(node) && this.#simulation.isUp(node) && ++this.#clients % 2 === 0;
    return asksFormer ? node : this.placeOf(node);
  }

  begin(node: NodeId, former: 'gone' | 'back', by: readonly NodeId[], done: () => void): boolean {
    const place = former === 'gone' ? this.placeOf(node) : sparePlace(node);
    if (former === 'back') {
      if (this.#places.has(node)) return false;
      this.#former.add(node);
    } else {
      if (this.#simulation.isUp(place)) this.#simulation.crash(place);
      this.#simulation.loseDisk(place);
    }
    this.#places.set(node, place);
    this.#simulation.restart(place);
    this.#underWay = { node, by, done };
    this.#ask(this.#underWay, 0);
    return true;
  }

  /** Who still runs on a former disk hears of it when he asks for anything, and ends. */
  endFormer(): void {
    for (const place of this.#former) {
      if (!this.#simulation.isUp(place)) continue;
      this.#simulation.invoke(place, { type: 'read', key: 'any' });
      this.#simulation.runUntil(() => !this.#simulation.isUp(place), {
        within: 3000,
        goal: `that the former disk of ${place} serves no more`,
      });
    }
  }

  /** Asks one of these who are up, in turn, until one says that it is done. */
  #ask(wish: Wish, asked: number): void {
    const { node, by, done } = wish;
    if (this.#underWay !== wish) return;
    const [simulation, place] = [this.#simulation, this.placeOf(node)];
    const up = by.filter((other) => other !== node && simulation.isUp(this.placeOf(other)));
    const stored = simulation.durable(place).get(registerKeys.node);
    const record = stored && registerRecordCodec.decode(registerKeys.node, stored);
    if (record?.kind === 'node' && up.length > 0) {
      const other = up[Math.floor(asked / patience) % up.length]!;
      const command = { type: 'replace', node, disk: record.identity, address: place } as const;
      simulation.invoke(this.placeOf(other), command, ({ type }) => {
        if (type !== 'replaced' || this.#underWay !== wish) return;
        this.#underWay = undefined;
        done();
      });
    }
    simulation.after(askMs, () => this.#ask(wish, asked + 1));
  }
}
