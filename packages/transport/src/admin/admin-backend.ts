import type { NodeId } from '@synod/kernel';

/**
 * What the admin service can do to a server. Every method may throw, or reject with, a `SynodError`:
 * `unknown_server` for a peer that is not of this cluster, `invalid_argument` for a failpoint that does not exist. Of a
 * silence, `unknown_key` and `unknown_token` for what is not configured, and `invalid_argument` where there are no
 * registers, tokens or phases.
 */
export interface AdminBackend {
  /** Keeps links to exactly these peers; `undefined`: to all. The server itself may stand among them. */
  setLinks(peers: readonly NodeId[] | undefined): void | Promise<void>;
  /** Allows links to these peers again; the other links stay as they are. */
  connect(peers: readonly NodeId[]): void | Promise<void>;
  /** Cuts the links to these peers, both directions, until they are allowed again. */
  disconnect(peers: readonly NodeId[]): void | Promise<void>;
  setFaults(faults: LinkFaults): void | Promise<void>;
  setFailpoint(failpoint: Failpoint): void | Promise<void>;
  failpoints(): readonly FailpointState[];
  /** Falls silent. Replaces a silence about the same. */
  silence(silence: SilenceOrder): void | Promise<void>;
  /** Lifts the silence about a register or a token; about neither: all silences. What vanished is not said later. */
  unsilence(subject: SilenceSubject): void | Promise<void>;
  /** Gives another server another disk and address, for good. */
  replace(replacement: Replacement): Promise<Replaced>;
  /** Begins a graceful stop. Called after the request has been answered. */
  shutdown(): void;
}

/** Who takes a server's place. */
export interface Replacement {
  readonly server: NodeId;
  /** The identity of the new disk: 16 hexadecimal digits. */
  readonly disk: string;
  /** `host:port` of the new server. */
  readonly address: string;
}

/** What says so: of a ledger a block, of registers the configuration that all agree on. */
export type Replaced = ReplacedByBlock | ReplacedByConfiguration;

export interface ReplacedByBlock {
  readonly type: 'block';
  readonly height: number;
  /** The last of the former disk's entries that a block holds; 0 if none. What it held beyond is lost. */
  readonly sequence: number;
}

export interface ReplacedByConfiguration {
  readonly type: 'configuration';
  /** How often this server was replaced. */
  readonly version: number;
}

/** Messages that vanish silently although the link stands. Replaces what was set before; empty lists heal. */
export interface LinkFaults {
  /** Messages sent to these peers. */
  readonly dropTo: readonly NodeId[];
  /** Messages received from these peers. */
  readonly dropFrom: readonly NodeId[];
}

/** Arms a named point in the code, or disarms it. */
export interface Failpoint {
  readonly name: string;
  /** `kill`: the process kills itself with SIGKILL, nothing is flushed. `off`: nothing happens any more. */
  readonly action: 'kill' | 'off';
  /** Acts when the point is reached for the n-th time from now, from 1. */
  readonly hits: number;
}

export interface FailpointState {
  readonly name: string;
  /** How often it was reached in this life of the server. */
  readonly reached: number;
  /** Reached so many more times, it acts; 0: not armed. */
  readonly armed: number;
}

/** At most one of these; neither: everything. */
export interface SilenceSubject {
  /** The register of this key. */
  readonly key?: string;
  /** The token of this id. */
  readonly token?: string;
}

/** What to be silent about. */
export interface SilenceOrder extends SilenceSubject {
  /** Undefined: in both phases, and in what belongs to neither. */
  readonly phase: 'read' | 'write' | undefined;
  /** From so many milliseconds from now on, a whole number below 2^32. */
  readonly afterMs: number;
}
