import { PassingMap, type Effects, type NodeId } from '@synod/kernel';
import type { Mark } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import { Lists } from './lists.js';
import type { Item, WriteItem } from './messages.js';
import type { Limits } from './options.js';
import type { RegisterProtocol } from './protocol.js';

/** Those who are asked: the same array for the same nodes, as far as it can be had. */
type Asked = readonly NodeId[];

/**
 * What one turn asks of others, gathered: a message is a step at each end, whatever it says. So the keys of a turn
 * share one for each kind of phase and each array of nodes.
 */
export class Questions {
  readonly #self: NodeId;
  readonly #incarnation: Incarnation;
  readonly #limits: Limits;
  readonly #reads = new PassingMap<Asked, Lists<Item>>();
  readonly #writes = new PassingMap<Asked, Lists<WriteItem>>();
  readonly #groups = new Map<string, Asked>();

  constructor(self: NodeId, incarnation: Incarnation, limits: Limits) {
    this.#self = self;
    this.#incarnation = incarnation;
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#reads.size === 0 && this.#writes.size === 0;
  }

  read(asked: Asked, item: Item): void {
    this.#listsOf(this.#reads, asked).add(item, 0);
  }

  write(asked: Asked, item: WriteItem): void {
    this.#listsOf(this.#writes, asked).add(item, item.cell.value?.length ?? 0);
  }

  /**
   * In the configuration of this moment: phases that began in another one have begun again. This node itself, which may
   * stand among the asked, is sent nothing: whoever leads a round counts what it holds.
   */
  ask(mark: Mark, effects: Effects<RegisterProtocol>): void {
    const incarnation = this.#incarnation;
    for (const [asked, lists] of this.#reads)
      for (const items of lists.all) effects.toAll(this.#others(asked), { type: 'read', incarnation, mark, items });
    for (const [asked, lists] of this.#writes)
      for (const items of lists.all) effects.toAll(this.#others(asked), { type: 'write', incarnation, mark, items });
    this.#reads.clear();
    this.#writes.clear();
  }

  /** The same array whenever these nodes, in this order, are asked. */
  group(nodes: readonly NodeId[]): Asked {
    const name = nodes.join('\n');
    const group = this.#groups.get(name) ?? nodes;
    this.#groups.set(name, group);
    return group;
  }

  #others(asked: Asked): Asked {
    return asked.filter((node) => node !== this.#self);
  }

  #listsOf<I>(gathered: PassingMap<Asked, Lists<I>>, asked: Asked): Lists<I> {
    let lists = gathered.get(asked);
    if (!lists) gathered.set(asked, (lists = new Lists(this.#limits)));
    return lists;
  }
}
