import type { Ballot } from './ballot.js';
import type { Chain } from './chain.js';
import type { Blocks, Fetch, Snapshot } from './messages.js';
import type { Application, Limits } from './options.js';

/** A page of blocks; a snapshot instead for who is far behind, or asks for blocks that this server does not hold. */
export function answerToFetch<T>(
  fetch: Fetch,
  chain: Chain<T>,
  limits: Limits,
  application: Application<T>,
  ballot: Ballot,
): Blocks<T> | Snapshot {
  const { height, hash, sequences, missing } = chain;
  const isFar = chain.entries - fetch.entries > limits.snapshotEntries;
  const isMissing = missing !== undefined && fetch.height >= missing.from && fetch.height <= missing.to;
  const state = isFar || isMissing ? application.snapshot() : undefined;
  return state
    ? { type: 'snapshot', ballot, height, hash, sequences, state }
    : { type: 'blocks', ballot, height, blocks: chain.page(fetch.height, limits.pageEntries) };
}
