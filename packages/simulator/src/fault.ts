import type { NodeId, Time } from '@synod/kernel';
import type { CrashPoint } from './crash-point.js';
import type { Range } from './random.js';

/** Something happens at a time, in virtual ms from the start of the schedule. */
export type Timed<T> = T & { readonly at: Time };

/**
 * One fault, as data. It begins at its time, and ends by itself after `forMs`, in virtual ms: the node is restarted or
 * goes on, the links are mended, the disk is well. One that finds its node down does nothing.
 */
export type Fault =
  | NodeFault<'crash'>
  /** The process ends when it next reaches `point`, after passing it `skip` times. */
  | (NodeFault<'crash-point'> & { readonly point: CrashPoint; readonly skip: number })
  /** The process stops without ending; what reaches it meanwhile waits. */
  | NodeFault<'pause'>
  /** Its clock jumps ahead, once. */
  | { readonly kind: 'clock-jump'; readonly node: NodeId; readonly byMs: number }
  /** Its clock runs `rate` times as fast as time. */
  | (NodeFault<'clock-rate'> & { readonly rate: number })
  /** Nothing that `from` sends reaches `to`. */
  | (Lasting<'one-way'> & { readonly from: NodeId; readonly to: NodeId })
  /** Only nodes of one group reach each other. */
  | (Lasting<'partition'> & { readonly groups: readonly (readonly NodeId[])[] })
  /** These, a majority, reach each other; every other node is alone. */
  | (Lasting<'majority'> & { readonly nodes: readonly NodeId[] })
  /** Every node reaches its two neighbours in this order only; of three or fewer, the ends are no neighbours. */
  | (Lasting<'ring'> & { readonly nodes: readonly NodeId[] })
  | (Lasting<'loss' | 'duplication' | 'reordering'> & { readonly probability: number })
  /** Messages travel this long. */
  | (Lasting<'delay'> & { readonly delayMs: Range })
  /** Writes take so many times as long. */
  | (NodeFault<'slow-disk'> & { readonly times: number })
  /** Writes fail: the node ends at its next one, and starts again when there is space. */
  | NodeFault<'full-disk'>
  /** The power fails, and another, empty disk is found at the start. */
  | NodeFault<'lost-disk'>
  /** The power fails in the middle of the next write but `skip`: it is on the disk, or it is not. */
  | (NodeFault<'torn-tail'> & { readonly skip: number })
  /** The power fails and a stored bit flips: the node refuses to start, until its disk is taken away after `forMs`. */
  | NodeFault<'bit-flip'>
  /**
   * Writes are confirmed before they are durable. After `forMs` the power fails: of them the part `kept`, 0 to 1, is left.
   * `lying-fsync`: and the disk counts no more; only if the system promises that this is noticed, or else all is left.
   * `lost-write`: though the disk counts all of them, so that nobody can notice.
   */
  | (NodeFault<'lying-fsync' | 'lost-write'> & { readonly kept: number; readonly downMs: number });

export type FaultKind = Fault['kind'];

interface Lasting<K> {
  readonly kind: K;
  readonly forMs: number;
}

interface NodeFault<K> extends Lasting<K> {
  readonly node: NodeId;
}

/** All there are, in the order in which they are told. */
export const faultKinds = [
  'crash',
  'crash-point',
  'torn-tail',
  'pause',
  'clock-jump',
  'clock-rate',
  'one-way',
  'partition',
  'majority',
  'ring',
  'loss',
  'delay',
  'duplication',
  'reordering',
  'slow-disk',
  'full-disk',
  'lost-disk',
  'bit-flip',
  'lying-fsync',
  'lost-write',
] as const satisfies readonly FaultKind[];

/** Faults after which a disk holds less than it confirmed. What a system can survive of them, it must say itself. */
export const forgetfulFaults: readonly FaultKind[] = ['lost-disk', 'bit-flip', 'lying-fsync', 'lost-write'];
