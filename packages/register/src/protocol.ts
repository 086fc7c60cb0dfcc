import type { NodeId, SynodError } from '@synod/kernel';
import type { Basis } from './basis.js';
import type { Cell, KeyedCell } from './cell.js';
import type { Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { RegisterMessage } from './messages.js';
import type { RegisterRecord, NodeStanding } from './records.js';
import type { Tag, Timestamp } from './timestamp.js';

/** The vocabularies of the register machine. */
export interface RegisterProtocol {
  command: RegisterCommand;
  result: RegisterResult;
  message: RegisterMessage;
  record: RegisterRecord;
}

/** What a caller can ask one node. */
export type RegisterCommand =
  | KeyCommand
  | ConsultCommand
  /** The cells that this node itself holds, tombstones included, from a position on: 0, or the `next` of a page. */
  | { readonly type: 'cells'; readonly from: number; readonly limit: number }
  | ReplaceCommand
  | { readonly type: 'status' };

/** What concerns one register. */
export type KeyCommand =
  | { readonly type: 'read'; readonly key: string }
  | WriteCommand
  /** Leaves a tombstone, written or not before. Never combined with another operation. */
  | { readonly type: 'delete'; readonly key: string }
  /** The cell that this node itself holds, which may be old. */
  | { readonly type: 'inspect'; readonly key: string };

/** What this replica answers in the read phases of somebody who is none: see `Consultation`. */
export interface ConsultCommand {
  readonly type: 'consult';
  /** Of the registers that are read. */
  readonly keys: readonly string[];
  /** The values are left out: of those who are asked one must tell them. */
  readonly timestampOnly: boolean;
}

/**
 * The operator's decision: from now on the node has this disk, at this address, and never again its former one. Answered
 * when the new disk holds what it must; the same command again waits for the same.
 */
export interface ReplaceCommand {
  readonly type: 'replace';
  readonly node: NodeId;
  /** As the status of the new server says. */
  readonly disk: Incarnation;
  /** `host:port` */
  readonly address: string;
}

export interface WriteCommand {
  readonly type: 'write';
  readonly key: string;
  readonly value: Uint8Array;
  /** Not to be combined with other writes, because what follows rests on this very write. Default false. */
  readonly alone?: boolean;
}

/** The answer to a command; `error` replaces it when the command can not be done, or its outcome is unknown. */
export type RegisterResult =
  | ReadResult
  /**
   * In order of the keys. Undefined: nothing can be said of that one. It is wrong, or not held here, or this node takes no
   * part, or the values before it are as much as one answer holds.
   */
  | { readonly type: 'consulted'; readonly replies: readonly (ReplicaReply | undefined)[] }
  /** A write or a delete: durable on a majority. */
  | { readonly type: 'written'; readonly tag: Tag }
  /** Undefined: this node holds no cell of that key. */
  | { readonly type: 'cell'; readonly cell: Cell | undefined }
  /** `next`: where the next page begins; undefined after the last. */
  | { readonly type: 'cells'; readonly cells: readonly KeyedCell[]; readonly next: number | undefined }
  | { readonly type: 'replaced'; readonly replacement: Replacement }
  | { readonly type: 'status'; readonly status: RegisterStatus }
  | { readonly type: 'error'; readonly error: SynodError };

export interface ReadResult {
  readonly type: 'value';
  /** Undefined if the register was deleted or never written. */
  readonly value: Uint8Array | undefined;
  /** Undefined if it was never written; a deleted one has the tag of its deletion. */
  readonly tag: Tag | undefined;
}

/** What one replica says of one register. */
export interface ReplicaReply {
  /** Of its durable cell; undefined: it holds none. */
  readonly timestamp: Timestamp | undefined;
  /** Undefined if there is none, or it was not asked for. */
  readonly value: Uint8Array | undefined;
  /** How many there are of this register. */
  readonly replicas: number;
  readonly basis: Basis;
}

export interface RegisterStatus {
  readonly node: NodeId;
  /** Of this life. */
  readonly incarnation: Incarnation;
  /** Of this disk. */
  readonly identity: Incarnation;
  readonly standing: NodeStanding;
  /** Those that are known here, in natural order of the nodes. */
  readonly replacements: readonly Replacement[];
  /** How many cells this node holds, tombstones included. */
  readonly cells: number;
  /** How many keys have operations running or waiting here. */
  readonly active: number;
  /** In natural order. */
  readonly peers: readonly PeerStatus[];
}

export interface PeerStatus {
  readonly node: NodeId;
  readonly linked: boolean;
  /** The identity of the peer's disk as this node knows it; undefined before they met. */
  readonly identity: Incarnation | undefined;
  /** The peer knows this node's disk, durably. */
  readonly knowsThis: boolean;
}
