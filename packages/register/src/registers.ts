import { SynodError, type Effects, type NodeId } from '@synod/kernel';
import type { Cell, KeyedCell, PackedValue } from './cell.js';
import { Cells } from './cells.js';
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
 * The cells that this node holds. All of them are in memory, in little of it: a million registers of 16 bytes take about
 * 120 MB. A key is never removed, so positions in the order of arrival last as long as the process.
 */
export class Registers {
  readonly #sets: ReplicaSets;
  readonly #storedSets = new Set<number>();
  readonly #replicaSetOf: (key: string) => Replication | undefined;
  readonly #cells = new Cells();
  readonly #order: string[] = [];

  constructor(self: NodeId, members: readonly NodeId[], replicaSetOf: (key: string) => Replication | undefined) {
    this.#sets = new ReplicaSets(self, members);
    this.#replicaSetOf = replicaSetOf;
  }

  recoverSet(number: number, replication: Replication): void {
    this.#sets.recover(number, replication);
    this.#storedSets.add(number);
  }

  recoverCell(key: string, cell: CellRecord): void {
    this.#keep(key, cell.set, cell, cell.packed);
  }

  /** Every set and cell was told. Throws `SynodError` `config` if a register was replicated otherwise before. */
  recovered(): void {
    for (const [key, set] of this.#cells.sets()) this.#demandSet(key, this.#sets.numbered(set));
  }

  #demandSet(key: string, stored: ReplicaSet): void {
    const replication = this.#replicaSetOf(key);
    const configured = replication && this.#sets.of(key, replication);
    if (configured !== stored) {
      throw new SynodError(
        'config',
        `key ${JSON.stringify(key)} has ${configured ? showReplicaSet(configured) : 'no replica set'}, ` +
          `but was stored with ${showReplicaSet(stored)}`,
      );
    }
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Undefined: no such register is configured. */
  setOf(key: string): ReplicaSet | undefined {
    const number = this.#cells.setOf(key);
    if (number !== undefined) return this.#sets.numbered(number);
    const replication = this.#replicaSetOf(key);
    return replication && this.#sets.of(key, replication);
  }

  timestamp(key: string): Timestamp | undefined {
    return this.#cells.timestamp(key);
  }

  cell(key: string): Cell | undefined {
    return this.#cells.cell(key);
  }

  /** Takes a cell if it is newer than the own one: what is stored never goes back. */
  adopt(key: string, set: ReplicaSet, cell: Cell, effects: Effects<RegisterProtocol>): void {
    if (!isNewer(cell, this.#cells.timestamp(key))) return;
    if (!this.#storedSets.has(set.number)) {
      this.#storedSets.add(set.number);
      effects.put(registerKeys.set(set.number), { kind: 'set', writer: set.writer, replicas: set.replicas });
    }
    const { counter, writer, incarnation, value } = cell;
    const packed = this.#keep(key, set.number, cell, value);
    const held: CellRecord = { kind: 'cell', set: set.number, counter, writer, incarnation, packed };
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
      if (wanted !== undefined && !this.#sets.numbered(this.#cells.setOf(key)!).replicas.includes(wanted)) continue;
      const cell = this.#cells.cell(key)!;
      bytes += cell.value?.length ?? 0;
      if (cells.length > 0 && bytes > limits.pageBytes) break;
      cells.push({ key, cell });
    }
    return { cells, next: at < this.#order.length ? at : undefined };
  }

  #keep(
    key: string,
    set: number,
    timestamp: Timestamp,
    value: Uint8Array | PackedValue | undefined,
  ): PackedValue | undefined {
    const { size } = this.#cells;
    const packed = this.#cells.keep(key, set, timestamp, value);
    if (this.#cells.size > size) this.#order.push(key);
    return packed;
  }
}
