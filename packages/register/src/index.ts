/**
 * The atomic register: one value per key, replicated on a majority, one writer or many.
 *
 * @packageDocumentation
 */
export type { Basis } from './basis.js';
export type { Cell, KeyedCell } from './cell.js';
export { isText } from './checks.js';
export { noMark, type Mark, type Replacement } from './configuration.js';
export { Consultation } from './consultation.js';
export type { Incarnation } from './incarnation.js';
export { replicationByPattern, type KeyPattern } from './key-patterns.js';
export { registerMachine } from './machine.js';
export * from './messages.js';
export {
  defaultLimits,
  defaultTiming,
  type Limits,
  type OwnDisk,
  type RegisterOptions,
  type Replication,
  type Timing,
} from './options.js';
export * from './protocol.js';
export { nameInKey, registerKeys, registerRecordCodec, type RegisterRecord, type NodeStanding } from './records.js';
export { subjectOf } from './subject.js';
export { compareTimestamps, isLaterTag, tagOf, type Tag, type Timestamp } from './timestamp.js';
