import type { Ballot } from './ballot.js';
import type { Chain } from './chain.js';
import type { Blocks, Fetch, Snapshot } from './messages.js';
import type { Membership } from './membership.js';
import type { Application, Limits } from './options.js';

/** What an answer is made of. */
interface Sources<T> {
  readonly chain: Chain<T>;
  readonly membership: Pick<Membership<T>, 'all'>;
  readonly limits: Limits;
  readonly application: Pick<Application<T>, 'snapshot'>;
}

/**
 * A page of blocks; a snapshot instead for who is far behind, or asks for blocks that this server does not hold. Who
 * needs every block gets blocks, or an empty page and another server to ask.
 */
export function answerToFetch<T>(
  fetch: Fetch,
  { chain, membership, limits, application }: Sources<T>,
  ballot: Ballot,
): Blocks<T> | Snapshot {
  const { height, hash, sequences, missing } = chain;
  const isFar = chain.entries - fetch.entries > limits.snapshotEntries;
  const isMissing = missing !== undefined && fetch.height >= missing.from && fetch.height <= missing.to;
  const state = (isFar || isMissing) && !fetch.whole ? application.snapshot() : undefined;
  return state
    ? { type: 'snapshot', ballot, height, hash, sequences, members: [...membership.all()], state }
    : { type: 'blocks', ballot, height, blocks: chain.page(fetch.height, limits.pageEntries) };
}
