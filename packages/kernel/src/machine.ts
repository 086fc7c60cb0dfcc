/**
 * The contract between a protocol and everything around it.
 *
 * A protocol is a pure machine: inputs in, a record of effects out. It reads no clock, draws no random number of
 * its own, performs no IO and awaits nothing, so that the server, the embedded mode and the simulator run the very
 * same code. (The shape follows etcd-io/raft's `Ready`: effects whose fields state their obligations.)
 */

/** A member's name, unique in its cluster: `S1`, or an access point such as `127.0.0.20:8000`. */
export type NodeId = string;

/** Milliseconds on the node's monotonic clock. Only differences mean anything. */
export type Time = number;

/** Names one invocation until its result is released. Unique within one life of a node. */
export type OperationId = number;

/** The four vocabularies of a protocol. */
export interface Protocol {
  /** What a local caller can ask. */
  command: unknown;
  /** What a caller is answered. */
  result: unknown;
  /** What nodes tell one another. Plain data, never mutated once it is sent. */
  message: unknown;
  /** What is stored under one key. Plain data, never mutated once it is persisted. */
  record: unknown;
}

/** Stores `value` under `key`, or removes the key if `value` is undefined. */
export interface Put<R> {
  readonly key: string;
  readonly value: R | undefined;
}

export interface Outgoing<M> {
  readonly to: NodeId;
  readonly message: M;
}

export interface Completion<R> {
  readonly id: OperationId;
  readonly result: R;
}

/** One thing that happens to a machine. */
export type Input<P extends Protocol> =
  | { readonly kind: 'invoke'; readonly id: OperationId; readonly command: P['command'] }
  | { readonly kind: 'deliver'; readonly from: NodeId; readonly message: P['message'] }
  /** The connection to a peer came up or went down. A hint about liveness, never about what the peer knows. */
  | { readonly kind: 'link'; readonly peer: NodeId; readonly up: boolean }
  /** `wakeAt` has come. */
  | { readonly kind: 'wake' }
  /** The last of a turn, for a machine that has gathered something over the others. */
  | { readonly kind: 'turn' };

/** The effects of one step, in order of obligation. */
export interface Output<P extends Protocol> {
  /** Durable, as one atomic unit, before anything else of this output or of a later one is released. */
  readonly persist: readonly Put<P['record']>[];
  /** Handed to the transport once durable. Messages to oneself travel this way like any other. */
  readonly send: readonly Outgoing<P['message']>[];
  /** Answered once durable. */
  readonly complete: readonly Completion<P['result']>[];
}

/** A protocol instance on one node. */
export interface Machine<P extends Protocol> {
  /**
   * Takes one input. Synchronous, deterministic in (state, input, now).
   * A throw means the node must stop: a broken invariant, or a state in which serving would be unsafe.
   */
  step(input: Input<P>, now: Time): Output<P>;
  /** When the machine next wants a `wake`; undefined if time alone changes nothing. Read after every step. */
  readonly wakeAt: Time | undefined;
  /**
   * True: over the inputs of this turn it has gathered what it tells at once, in the step of a `turn`. Read when the
   * others are taken; that step is the last of its group, so what it says may rest on all of them.
   */
  readonly hasGathered?: boolean;
}

/** Frozen, or a list could find its way into all of them. */
const none: never[] = [];
Object.freeze(none);

/**
 * Collects the effects of one step. Machines build their output with it; it is an `Output` itself. Most steps have one
 * kind of effect, and one of it: lists are made when there is something for them, and as long as that.
 */
export class Effects<P extends Protocol> implements Output<P> {
  persist: Put<P['record']>[] = none;
  send: Outgoing<P['message']>[] = none;
  complete: Completion<P['result']>[] = none;

  put(key: string, value: P['record'] | undefined): void {
    if (this.persist === none) this.persist = [{ key, value }];
    else this.persist.push({ key, value });
  }

  to(to: NodeId, message: P['message']): void {
    if (this.send === none) this.send = [{ to, message }];
    else this.send.push({ to, message });
  }

  /** The same message object to all, one after the other: transports encode it once. */
  toAll(members: Iterable<NodeId>, message: P['message']): void {
    for (const to of members) this.to(to, message);
  }

  answer(id: OperationId, result: P['result']): void {
    if (this.complete === none) this.complete = [{ id, result }];
    else this.complete.push({ id, result });
  }
}
