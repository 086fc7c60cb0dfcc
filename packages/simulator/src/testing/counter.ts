import {
  ByteReader,
  Effects,
  Quorum,
  type Input,
  type Machine,
  type MachineDefinition,
  type NodeId,
  type OperationId,
  type Output,
  type RecordCodec,
  type Time,
} from '@synod/kernel';

/** A grow-only counter: each node counts for itself, and an increment is answered once a majority has it durably. */
export interface Counting {
  command: 'increment';
  result: number;
  message: { readonly type: 'tell' | 'told'; readonly count: number };
  record: number;
}

export interface CounterOptions {
  /** A mistake to be caught: confirms a count at once and persists it only with the next wake. */
  readonly confirmsBeforeDurable?: boolean;
}

const RESEND_MS = 20;

class Counter implements Machine<Counting> {
  readonly #self: NodeId;
  readonly #members: readonly NodeId[];
  readonly #counts: Map<NodeId, number>;
  readonly #late: boolean;
  readonly #unconfirmed = new Map<OperationId, { readonly count: number; readonly quorum: Quorum }>();
  readonly #unpersisted = new Set<NodeId>();
  wakeAt: Time | undefined;

  constructor(self: NodeId, members: readonly NodeId[], counts: Map<NodeId, number>, options: CounterOptions) {
    this.#self = self;
    this.#members = members;
    this.#counts = counts;
    this.#late = options.confirmsBeforeDurable ?? false;
  }

  step(input: Input<Counting>, now: Time): Output<Counting> {
    const effects = new Effects<Counting>();
    if (input.kind === 'invoke') this.#increment(input.id, effects);
    else if (input.kind === 'wake') this.#resend(effects);
    else if (input.kind === 'deliver' && input.message.type === 'tell')
      this.#learn(input.from, input.message.count, effects);
    else if (input.kind === 'deliver') this.#confirm(input.from, input.message.count, effects);
    const idle = this.#unconfirmed.size === 0 && this.#unpersisted.size === 0;
    if (idle) this.wakeAt = undefined;
    else if (this.wakeAt === undefined || this.wakeAt <= now) this.wakeAt = now + RESEND_MS;
    return effects;
  }

  #increment(id: OperationId, effects: Effects<Counting>): void {
    const count = this.#count(this.#self) + 1;
    this.#counts.set(this.#self, count);
    effects.put(this.#self, count);
    this.#unconfirmed.set(id, { count, quorum: new Quorum(this.#members) });
    effects.toAll(this.#members, { type: 'tell', count });
  }

  #resend(effects: Effects<Counting>): void {
    for (const node of this.#unpersisted) effects.put(node, this.#count(node));
    this.#unpersisted.clear();
    if (this.#unconfirmed.size > 0) effects.toAll(this.#members, { type: 'tell', count: this.#count(this.#self) });
  }

  #learn(from: NodeId, count: number, effects: Effects<Counting>): void {
    if (count > this.#count(from)) {
      this.#counts.set(from, count);
      if (this.#late) this.#unpersisted.add(from);
      else effects.put(from, count);
    }
    effects.to(from, { type: 'told', count });
  }

  #confirm(from: NodeId, count: number, effects: Effects<Counting>): void {
    for (const [id, wanted] of this.#unconfirmed) {
      if (wanted.count > count || !wanted.quorum.add(from) || !wanted.quorum.reached) continue;
      this.#unconfirmed.delete(id);
      effects.answer(id, wanted.count);
    }
  }

  #count(node: NodeId): number {
    return this.#counts.get(node) ?? 0;
  }
}

const codec: RecordCodec<number> = {
  encode: (_, count, writer) => writer.number(count),
  decode: (_, bytes) => new ByteReader(bytes).number(),
};

export const defineCounter =
  (members: readonly NodeId[], options: CounterOptions = {}) =>
  (self: NodeId): MachineDefinition<Counting> => ({
    codec,
    live: { from: '', to: '~' },
    recover() {
      const counts = new Map<NodeId, number>();
      return {
        add: (node, count) => counts.set(node, count),
        build: () => new Counter(self, members, counts, options),
      };
    },
  });

/** The count that a disk holds durably for `node`. */
export function storedCount(disk: ReadonlyMap<string, Uint8Array>, node: NodeId): number {
  const bytes = disk.get(node);
  return bytes ? codec.decode(node, bytes) : 0;
}
