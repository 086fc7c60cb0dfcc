/**
 * A chain of blocks, each chosen by one Paxos instance that gathers contributions with its promises.
 *
 * @packageDocumentation
 */
export * from './ballot.js';
export * from './block.js';
export type { MissingBlocks } from './chain.js';
export { Consensus } from './consensus.js';
export type { LocalLog } from './local-log.js';
export type { Member } from './member.js';
export * from './messages.js';
export * from './options.js';
export * from './records.js';
export { Replacing, type ReplaceResult } from './replacing.js';
export {
  paxosRecordCodec,
  replicatedLog,
  type LogProtocol,
  type LogState,
  type ReplicatedLogOptions,
} from './replicated-log.js';
