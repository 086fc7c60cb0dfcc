import { SynodError, type Effects, type NodeId } from '@synod/kernel';
import { pack, unpack, type Cell, type KeyedCell } from './cell.js';
import type { Limits, Replication } from './options.js';
import type { RegisterProtocol } from './protocol.js';
import { registerKeys, type CellRecord } from './records.js';
import { ReplicaSets, showReplicaSet, type ReplicaSet } from './replica-set.js';
import { isNewer, type Timestamp } from './timestamp.js';

export interface CellPage {
  readonly cells: readonly KeyedCell[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/**
 * The cells that this node holds. All of them are in memory, in little of it: a million registers of 16 bytes take less
 * than 400 MB. A key is never removed, so positions in the order of arrival last as long as the process.
 */
export class Registers {
  readonly #sets: ReplicaSets;
  readonly #storedSets = new Set<number>();
  readonly #replicaSetOf: (key: string) => Replication | undefined;
  readonly #cells = new Map<string, CellRecord>();
  readonly #order: string[] = [];
  /** One copy of the few names that a million timestamps repeat. */
  readonly #names = new Map<string, string>();

  constructor(self: NodeId, members: readonly NodeId[], replicaSetOf: (key: string) => Replication | undefined) {
    this.#sets = new ReplicaSets(self, members);
    this.#replicaSetOf = replicaSetOf;
  }

  recoverSet(number: number, replication: Replication): void {
    this.#sets.recover(number, replication);
    this.#storedSets.add(number);
  }

  /** Throws `SynodError` `config` if the register was replicated otherwise when the cell was written. */
  recoverCell(key: string, cell: CellRecord): void {
    const stored = this.#sets.numbered(cell.set);
    const replication = this.#replicaSetOf(key);
    const configured = replication && this.#sets.of(key, replication);
    if (configured !== stored) {
      throw new SynodError(
        'config',
        `key ${JSON.stringify(key)} has ${configured ? showReplicaSet(configured) : 'no replica set'}, ` +
          `but was stored with ${showReplicaSet(stored)}`,
      );
    }
    this.#keep(key, cell);
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Undefined: no such register is configured. */
  setOf(key: string): ReplicaSet | undefined {
    const held = this.#cells.get(key);
    if (held) return this.#sets.numbered(held.set);
    const replication = this.#replicaSetOf(key);
    return replication && this.#sets.of(key, replication);
  }

  timestamp(key: string): Timestamp | undefined {
    return this.#cells.get(key);
  }

  cell(key: string): Cell | undefined {
    const held = this.#cells.get(key);
    return held && toCell(held);
  }

  /** Takes a cell if it is newer than the own one: what is stored never goes back. */
  adopt(key: string, set: ReplicaSet, cell: Cell, effects: Effects<RegisterProtocol>): void {
    if (!isNewer(cell, this.#cells.get(key))) return;
    if (!this.#storedSets.has(set.number)) {
      this.#storedSets.add(set.number);
      effects.put(registerKeys.set(set.number), { kind: 'set', writer: set.writer, replicas: set.replicas });
    }
    const { counter, writer, incarnation, value } = cell;
    const held: CellRecord = {
      kind: 'cell',
      set: set.number,
      counter,
      writer: this.#name(writer),
      incarnation: this.#name(incarnation),
      packed: value && pack(value),
    };
    this.#keep(key, held);
    effects.put(registerKeys.cell(key), held);
  }

  /** Cells from a position on, of registers that `wanted` has a replica of. */
  page(from: number, limits: Limits, wanted?: NodeId): CellPage {
    const cells: KeyedCell[] = [];
    const last = Math.min(this.#order.length, from + limits.pageCells);
    let bytes = 0;
    let at = from;
    for (; at < last; at++) {
      const key = this.#order[at]!;
      const held = this.#cells.get(key)!;
      if (wanted !== undefined && !this.#sets.numbered(held.set).replicas.includes(wanted)) continue;
      bytes += held.packed?.length ?? 0;
      if (cells.length > 0 && bytes > limits.pageBytes) break;
      cells.push({ key, cell: toCell(held) });
    }
    return { cells, next: at < this.#order.length ? at : undefined };
  }

  #keep(key: string, cell: CellRecord): void {
    if (!this.#cells.has(key)) this.#order.push(key);
    this.#cells.set(key, cell);
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }
}

function toCell({ counter, writer, incarnation, packed }: CellRecord): Cell {
  return { counter, writer, incarnation, value: packed === undefined ? undefined : unpack(packed) };
}
