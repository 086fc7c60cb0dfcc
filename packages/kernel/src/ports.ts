import type { ByteWriter } from './bytes.js';
import type { Machine, NodeId, Outgoing, Output, Input, Protocol, Put, Time } from './machine.js';
import type { Opening, Standing } from './standing.js';

/**
 * The ports of a node: what the loop needs from the world. Every port has an in-memory implementation in this
 * package and a suite in `@synod/kernel/testing` that any implementation must pass.
 */

/** A value to store under a key, or `undefined` to remove the key. */
export type StorageWrite = Put<Uint8Array>;

/** A half-open range of keys, by code unit order. */
export interface KeyRange {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** Ordered, durable key-value storage. Keys are ASCII text; values are bytes the storage must not change. */
export interface Storage {
  /** Which disk this is, and how it was found. */
  readonly opening: Opening;
  /** The number of the last durable write over the disk's life. Rises with every write that changes something. */
  readonly lastNumber: number;
  /**
   * Makes the batch durable, atomically, in call order; then calls `done`. A crash keeps a prefix of the calls.
   * The first failure poisons the storage: this and every later call gets the error, nothing later is durable.
   * The batch belongs to the storage from here on.
   */
  write(batch: readonly StorageWrite[], done: (error?: Error) => void): void;
  /** Reads one value; sees what is being written. Throws `SynodError` `corrupt` if its checksum fails. */
  get(key: string): Uint8Array | undefined;
  /** Reads a range in key order; sees what was being written when it was called. */
  scan(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** Waits for what is being written, then releases the store. */
  close(): Promise<void>;
}

/**
 * Turns a machine's records into stored bytes and back. `encode` writes one behind what `writer` has already: the records
 * of a group share their memory. `decode` throws `SynodError` `corrupt` on nonsense.
 */
export interface RecordCodec<R> {
  encode(key: string, record: R, writer: ByteWriter): void;
  decode(key: string, bytes: Uint8Array): R;
}

/** What a transport tells the node, and asks it. */
export interface TransportEvents<M> {
  /** What every peer is told of this node's disk before anything else. */
  readonly standing: Standing;
  /**
   * A peer asks for a link: why it is refused, in one sentence; undefined: it is welcome. Until a process of a peer is
   * welcome nothing of it is delivered; what it said in an earlier life still may be.
   */
  greet(peer: NodeId, standing: Standing): string | undefined;
  deliver(from: NodeId, message: M): void;
  /** A peer's disk holds this many writes, by its own word in its present life. */
  heard(peer: NodeId, number: number): void;
  link(peer: NodeId, up: boolean): void;
  /** A peer has refused this node with this sentence: its disk holds less than the peer remembers. */
  refused(reason: string): void;
}

/**
 * Carries messages between nodes. It may lose, delay, duplicate and reorder them, never alter or invent one.
 * Messages from a node to itself never reach the transport: the loop hands them over.
 */
export interface Transport<M> {
  /** Starts delivering. Called once. */
  start(events: TransportEvents<M>): void;
  /**
   * Sends what one turn produced, in order. Never blocks, never throws; what cannot be sent is lost.
   * The same message object may stand there for several peers: encode it once.
   * `number`: how many writes the disk holds; whoever gets a message hears it.
   */
  send(messages: readonly Outgoing<M>[], number: number): void;
  /** Tells the number to those linked peers that have heard of none as high over their present link. */
  announce(number: number): void;
}

/** Time and turns. The loop never touches timers itself, so that a simulator can own them. */
export interface Clock {
  now(): Time;
  /** Runs `task` once at `time` or as soon after as possible. Returns a function that cancels it. */
  at(time: Time, task: () => void): () => void;
  /** Runs `task` once when the inputs that are already waiting have been taken in: the end of this turn. */
  soon(task: () => void): void;
}

/** Uniform numbers in [0, 1). Seeded in the simulator. */
export type Random = () => number;

/** Sees everything a loop does. It must not throw, and must not change what it sees. Every method is optional. */
export interface Observer<P extends Protocol = Protocol> {
  /** A machine took an input. Its effects are not durable yet. */
  stepped?(input: Input<P>, output: Output<P>, now: Time): void;
  /** A group of steps became durable: how many puts, and milliseconds from the call to its end. */
  written?(puts: number, ms: number): void;
  /** What was durable was released, in order; with the input that led to it. */
  released?(output: Output<P>, input: Input<P>): void;
  /** A message arrived; called before the step that takes it. */
  received?(from: NodeId, message: P['message'], now: Time): void;
}

/**
 * Stops the process at a named point, for tests that kill a server in the middle of a protocol step.
 * A loop without this port has no failpoints.
 */
export interface Failpoints<P extends Protocol = Protocol> {
  /** Where the loop stands with one group of steps. */
  reached(point: 'before-write' | 'after-write' | 'after-release', group: readonly Stepped<P>[]): void;
}

/** One step of a group: what came in, what goes out. */
export interface Stepped<P extends Protocol> {
  readonly input: Input<P>;
  readonly output: Output<P>;
}

/** Synchronous reads of a machine's own records; sees all earlier effects of that machine, durable or not. */
export interface RecordReader<R> {
  get(key: string): R | undefined;
}

/**
 * Builds a machine from what a crash left, one record after the other: a million of them fit into memory as the machine
 * holds them, but not twice.
 */
export interface MachineBuilder<P extends Protocol> {
  /** One record of `MachineDefinition.live`. They come in key order. */
  add(key: string, record: P['record']): void;
  /** That was all. Called once. */
  build(): Machine<P>;
}

/** How to make a machine from what storage holds. */
export interface MachineDefinition<P extends Protocol> {
  readonly codec: RecordCodec<P['record']>;
  /** The keys that are read at start; the others stay in storage until the machine asks for one. */
  readonly live: KeyRange;
  /** `reader`: for records outside `live`, such as a long history. */
  recover(reader: RecordReader<P['record']>, now: Time): MachineBuilder<P>;
}
