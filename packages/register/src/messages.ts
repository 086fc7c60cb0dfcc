import type { NodeId } from '@synod/kernel';
import type { Cell, KeyedCell } from './cell.js';
import type { Mark, Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';

/**
 * What nodes tell one another. The first four are those of the algorithm (Cachin, Guerraoui, Rodrigues, algorithms 4.6
 * and 4.7: READ, VALUE, WRITE, ACK); the others notice and heal a lost disk, and replace a node's disk for good.
 */
export type RegisterMessage =
  ReadMessage | ValueMessage | WriteMessage | AckMessage | Introduce | Acquainted | Copy | Page | ConfigurationMessage;

/**
 * Names one phase of one round, or one question: a reply counts only while that very phase runs. The incarnation makes
 * it unique across restarts.
 */
export interface RequestId {
  readonly incarnation: Incarnation;
  readonly number: number;
}

/** Several questions of one turn, to the same nodes; or the replies to them. Each is for itself. */
interface List<I> {
  /** Of who asks: a part of each request. */
  readonly incarnation: Incarnation;
  readonly items: readonly I[];
}

/** A question about one register, or the reply to it. */
export interface Item {
  /** Of the request. */
  readonly number: number;
  readonly key: string;
}

export interface ValueItem extends Item {
  /** Undefined: this replica holds none. */
  readonly cell: Cell | undefined;
}

export interface WriteItem extends Item {
  readonly cell: Cell;
}

/** Read phase: asks for cells. */
export interface ReadMessage extends List<Item> {
  readonly type: 'read';
  /** Of the sender's configuration: only who has the same one answers. */
  readonly mark: Mark;
}

/** Read phase, reply: the durable cells. */
export interface ValueMessage extends List<ValueItem> {
  readonly type: 'value';
}

/** Write phase: imposes cells. */
export interface WriteMessage extends List<WriteItem> {
  readonly type: 'write';
  /** Of the sender's configuration: only who has the same one acknowledges. */
  readonly mark: Mark;
}

/** Write phase, reply: these cells, or newer ones, are durable. */
export interface AckMessage extends List<Item> {
  readonly type: 'ack';
}

/** Makes a disk known to a peer. */
export interface Introduce {
  readonly type: 'introduce';
  /** Given to the disk when it was first used. */
  readonly identity: Incarnation;
  /** The sender knows, durably, that this former disk of its is lost: the peer may forget it. */
  readonly replaces: Incarnation | undefined;
}

/** The identity by which the answering node knows, durably, the disk of the one that introduced itself. */
export interface Acquainted {
  readonly type: 'acquainted';
  readonly identity: Incarnation;
}

/** A node that lost its disk, or has a new one, asks for a page of what its peer holds. */
export interface Copy {
  readonly type: 'copy';
  readonly request: RequestId;
  /** Of the sender's configuration: only who has the same one answers. */
  readonly mark: Mark;
  /** Position in the peer's own order, from 0. */
  readonly from: number;
  /** All nodes that share a register with the sender. */
  readonly members: readonly NodeId[];
}

/** One page of cells. Positions mean something within one incarnation of the sender only. */
export interface Page {
  readonly type: 'page';
  readonly request: RequestId;
  readonly incarnation: Incarnation;
  /** Of the sender's disk: the receiver lost what it knew about it. */
  readonly identity: Incarnation;
  readonly cells: readonly KeyedCell[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/** All that the sender knows of replacements: told when nodes meet, when it grows, and when two are found to differ. */
export interface ConfigurationMessage {
  readonly type: 'configuration';
  readonly replacements: readonly Replacement[];
}

/** The phase of a register operation that a message belongs to; undefined for those about disks. For fault emulation. */
export function phaseOf({ type }: RegisterMessage): 'read' | 'write' | undefined {
  switch (type) {
    case 'read':
    case 'value':
      return 'read';
    case 'write':
    case 'ack':
      return 'write';
    default:
      return undefined;
  }
}
